-- The company's month under way, the one before and the one after, by currency: never added over currencies.
-- The forecast of a whole bill is a series of its own, (total); where it is not forecast, its services' are summed.
with by_month as (
    select currency, month,
        sum(usage_cost) as usage_cost,
        -- Where usage is known and none of it is without owner, that is measured: none.
        if(sum(usage_cost) is null, null, coalesce(sum(usage_cost) filter (where service = '(unallocated)'), 0))
            as unallocated_cost,
        sum(tax_cost) as tax_cost, sum(credit_cost) as credit_cost, sum(support_cost) as support_cost,
        sum(total_cost) as total_cost,
        coalesce(
            any_value(forecast_cost) filter (where service = '(total)'),
            sum(forecast_cost) filter (where service <> '(total)')
        ) as forecast_cost,
        any_value(forecast_lo80) filter (where service = '(total)') as forecast_lo80,
        any_value(forecast_hi80) filter (where service = '(total)') as forecast_hi80,
        any_value(forecast_cost) filter (where service = '(unallocated)') as unallocated_forecast_cost
    from month_cost
    where month >= $month - interval 1 month and month <= $month + interval 1 month
    group by all
),
budget as (
    -- Like for like: only services that have both a budget and a forecast.
    select currency, period_start as month, sum(budget) as budget_cost, sum(forecast) as budgeted_forecast_cost,
        count(*) as services_budgeted
    from current_budget_status
    where scope = 'service' and period = 'm' and forecast is not null
    group by all
),
quarter as (
    select metric_currency(metric) as currency, mean as quarter_cost, lo80 as quarter_lo80, hi80 as quarter_hi80
    from current_forecast
    where service = '(total)' and grain = 'q' and target_time = date_trunc('quarter', $month)
)
select currency, month, usage_cost, unallocated_cost, tax_cost, credit_cost, support_cost, total_cost, forecast_cost,
    forecast_lo80, forecast_hi80, quarter_cost, quarter_lo80, quarter_hi80, unallocated_forecast_cost, budget_cost,
    budgeted_forecast_cost, services_budgeted, settled_until, newest_date,
    unallocated_cost::double / nullif(usage_cost, 0)::double as unallocated_ratio
from by_month
left join budget using (currency, month)
left join quarter using (currency)
left join settled_until($as_of) using (currency)
order by max(abs(total_cost)) over (partition by currency) desc nulls last, currency, month
