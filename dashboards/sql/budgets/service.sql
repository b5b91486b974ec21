-- The month under way against the budget of each service, the furthest over first. Budgets are in USD.
select s.service, s.team, s.budget_usd_month as budget_cost, m.usage_cost, m.forecast_cost, m.forecast_lo80, m.forecast_hi80,
    m.forecast_cost / nullif(s.budget_usd_month::double, 0) as ratio, 'USD' as currency,
    m.forecast_cost - s.budget_usd_month::double as over_cost,
    case
        when m.usage_cost > s.budget_usd_month then 'passed'
        when m.forecast_cost is null then 'no forecast'
        when m.forecast_lo80 > s.budget_usd_month then 'will be passed'
        when m.forecast_cost > s.budget_usd_month then 'likely passed'
        when m.forecast_hi80 > s.budget_usd_month then 'may be passed'
        else 'within'
    end as state
from service s
left join month_cost m on m.service = s.service and m.currency = 'USD' and m.month = $month
where s.budget_usd_month is not null
order by ratio desc nulls last, s.service
