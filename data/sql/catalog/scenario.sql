-- The changes of every scenario, one row a service that it changes.
with wanted as (
    select scenario::varchar as scenario, kind::varchar as kind, service::varchar as service, team::varchar as team,
        first_day::date as first_day, last_day::date as last_day, what::varchar as what, subject::varchar as subject,
        factor::double as factor, amount::double as amount, discount::double as discount, share::double as share,
        from_region::varchar as from_region, to_region::varchar as to_region, row_number() over () as place
    from wanted_scenario
)
select w.scenario, w.kind, s.service, w.first_day, w.last_day, w.place::integer as place, w.what, w.subject, w.factor,
    w.amount, w.discount, w.share, w.from_region, w.to_region
from wanted w
join service s
    on (w.service is null or w.service = s.service) and (w.team is null or w.team = s.team)
