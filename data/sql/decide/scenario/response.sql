-- How cost follows requests: the part of it that does, from the last 90 settled days (elasticity at their mean, 0..1);
-- and how cost and requests move together from week to week.
with day as (
    select u.service, u.date, u.cost_usd::double as cost, u.requests
    from unit_cost_day u
    where u.is_settled and u.date >= $as_of - 90 and u.date < $as_of and u.requests > 0 and u.cost_usd > 0
        and u.service in (select service from scenario_change)
),
moved as (
    select n.service, corr(ln(n.cost) - ln(b.cost), ln(n.requests) - ln(b.requests)) as correlation
    from day n
    join day b on b.service = n.service and b.date = n.date - 7
    group by all
    having count(*) >= 14
),
followed as (
    select service, greatest(0, least(1, regr_slope(cost, requests) * avg(requests) / avg(cost))) as elasticity
    from day
    group by all
    having count(*) >= 28 and stddev_pop(requests) > 0.02 * avg(requests)
)
select service, case when isfinite(f.elasticity) then f.elasticity end as elasticity,
    case when isfinite(m.correlation) then m.correlation end as correlation
from followed f
full join moved m using (service)
order by service
