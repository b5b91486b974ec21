-- The same by team: only services that have both a budget and a forecast, so that like is held against like.
select s.team, count(*) as services, sum(s.budget_usd_month) as budget_cost, sum(m.usage_cost) as usage_cost,
    sum(m.forecast_cost order by s.service) as forecast_cost,
    sum(m.forecast_cost order by s.service) / nullif(sum(s.budget_usd_month)::double, 0) as ratio, 'USD' as currency
from service s
join month_cost m on m.service = s.service and m.currency = 'USD' and m.month = $month
where s.budget_usd_month is not null and m.forecast_cost is not null
group by all
order by ratio desc nulls last, s.team
