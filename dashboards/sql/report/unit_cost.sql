-- What a million requests cost over all services that count them, in the month that is reported and the one before.
with month as (
    select date_trunc('month', date)::date as month, sum(cost_usd)::double * 1e6 / nullif(sum(requests), 0) as per_million,
        sum(requests) as requests, count(distinct service) as services
    from unit_cost_day
    where is_settled and cost_per_million_usd is not null and date >= $period - interval 1 month
        and date < $period + interval 1 month
    group by all
)
select n.per_million, b.per_million as before_per_million, n.per_million / nullif(b.per_million, 0) - 1 as change_ratio,
    n.requests, n.services
from month n
left join month b on b.month = n.month - interval 1 month
where n.month = $period
