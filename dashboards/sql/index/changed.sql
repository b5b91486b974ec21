-- What the newest night says otherwise than the one before: months of the whole bill, dates of limits, new risks, bills.
with night as (
    select made_on, lag(made_on) over (order by made_on) as before
    from (select distinct made_on from forecast where origin = 'live')
    qualify made_on = max(made_on) over ()
),
month as (
    select 'forecast' as kind, '(total)' as service, metric_currency(f.metric) as subject, p.mean as was, f.mean as now,
        null::date as was_date, null::date as now_date, abs(f.mean / nullif(p.mean, 0) - 1) as size, n.before
    from night n
    join forecast f on f.made_on = n.made_on and f.origin = 'live' and f.grain = 'm' and f.service = '(total)'
        and f.target_time = $month
    join forecast p on p.made_on = n.before and p.origin = 'live' and p.grain = 'm' and p.service = '(total)'
        and p.target_time = $month and p.metric = f.metric
    where abs(f.mean / nullif(p.mean, 0) - 1) >= 0.005
),
headroom_night as (
    select made_on, lag(made_on) over (order by made_on) as before
    from (select distinct made_on from headroom)
    qualify made_on = max(made_on) over ()
),
reached as (
    select 'limit' as kind, h.service, h.metric as subject, null::double as was, null::double as now,
        p.p50_date as was_date, h.p50_date as now_date,
        coalesce(abs(date_diff('day', p.p50_date, h.p50_date)), 90)::double as size, n.before
    from headroom_night n
    join headroom h on h.made_on = n.made_on
    join headroom p on p.made_on = n.before and p.service = h.service and p.metric = h.metric
    where p.p50_date is distinct from h.p50_date
        and coalesce(abs(date_diff('day', p.p50_date, h.p50_date)), 90) >= 7
),
risk_night as (
    select as_of, lag(as_of) over (order by as_of) as before
    from (select distinct as_of from risk)
    qualify as_of = max(as_of) over ()
),
appeared as (
    select 'new risk' as kind, r.service, r.kind || ': ' || r.subject as subject, null::double as was,
        r.impact_usd as now, null::date as was_date, r.act_by as now_date, coalesce(abs(r.impact_usd), 0) as size, n.before
    from risk_night n
    join risk r on r.as_of = n.as_of
    where n.before is not null and r.first_seen = n.as_of
),
every as (
    select * from month union all select * from reached union all select * from appeared
)
select kind, service, subject, was, now, was_date, now_date, before
from every
qualify row_number() over (partition by kind order by size desc, service, subject) <= 3
order by kind, size desc, service, subject
