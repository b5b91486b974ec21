-- Futures of the daily cost and of the daily requests of every service that counts them, and how they move together:
-- the correlation of their changes from week to week, of the last 56 days that both are known.
with wanted as (
    select service, request_metric from service where request_metric is not null
),
known as (
    select c.service, c.metric, c.time_utc, ln(c.value) as cost, ln(r.value) as requests
    from actual c
    join wanted w using (service)
    join actual r on r.service = c.service and r.metric = w.request_metric and r.grain = 'd' and r.time_utc = c.time_utc
    where c.grain = 'd' and is_cost(c.metric) and c.value > 0 and r.value > 0
        and c.time_utc >= $as_of - interval 70 days and c.time_utc < $as_of
),
moved as (
    select n.service, n.metric, corr(n.cost - b.cost, n.requests - b.requests order by n.time_utc) as correlation
    from known n
    join known b on b.service = n.service and b.metric = n.metric and b.time_utc = n.time_utc - interval 7 days
    group by all
    having count(*) >= 14
)
select p.* exclude (made_on), w.request_metric, is_cost(p.metric) as is_cost,
    case when isfinite(m.correlation) then m.correlation end as correlation
from forecast_path_day p
join wanted w on w.service = p.service and (p.metric = w.request_metric or is_cost(p.metric))
left join moved m on m.service = p.service and m.metric = p.metric
where p.made_on = $as_of
order by p.service, p.metric
