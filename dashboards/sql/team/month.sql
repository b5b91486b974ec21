-- A team's last 12 months and those that are forecast, by currency: the sum over its services.
select s.team, m.currency, m.month, sum(m.usage_cost) as usage_cost, sum(m.tax_cost) as tax_cost,
    sum(m.credit_cost) as credit_cost, sum(m.support_cost) as support_cost, sum(m.total_cost) as total_cost,
    sum(m.forecast_cost order by m.service) as forecast_cost, count(m.forecast_cost) as services_forecast,
    sum(s.budget_usd_month) filter (where m.currency = 'USD' and m.forecast_cost is not null) as budget_cost
from month_cost m
join service s using (service)
where s.team in (select unnest($teams)) and m.month >= $month - interval 12 months
    and m.month <= $month + interval 3 months
group by all
order by s.team, m.currency, m.month desc
