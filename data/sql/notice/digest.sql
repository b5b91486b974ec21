-- The week by team, in lines: what it cost against the week before, which limits come near, which risks are high.
with week as (
    select coalesce(s.team, '(no team)') as team, c.currency,
        sum(c.effective_cost) filter (c.date >= $as_of - 9) as cost,
        sum(c.effective_cost) filter (c.date < $as_of - 9) as cost_before
    from cost_service_day c
    left join service s using (service)
    where c.is_settled and c.date >= $as_of - 16 and c.date < $as_of - 2
    group by all
),
spent as (
    select team, 1 as place, currency as name,
        'cost ' || currency || ' ' || format('{:,.0f}', cost::double)
            || coalesce(' (' || format('{:+.0f} %', 100 * (cost / nullif(cost_before, 0) - 1)::double) || ' on the week before)', '')
            as line
    from week
    where cost is not null
),
near as (
    select coalesce(s.team, '(no team)') as team, 2 as place, h.service || ' ' || h.metric as name,
        h.service || ' ' || h.metric || ' reaches its limit about ' || strftime(h.p50_date, '%Y-%m-%d')
            || coalesce(', act by ' || strftime(h.act_by, '%Y-%m-%d'), '') as line
    from headroom h
    left join service s using (service)
    where h.made_on = $as_of and h.p50_date is not null
),
high as (
    select coalesce(owner, '(no team)') as team, 3 as place, kind || service || subject as name,
        'high risk: ' || kind || ' of ' || service || ' (' || subject || ')' as line
    from risk
    where as_of = $as_of and severity = 'high'
)
select team, line
from (from spent union all from near union all from high)
order by team, place, name
