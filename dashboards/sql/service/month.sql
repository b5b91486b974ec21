-- The last 12 months and those that are forecast, by currency.
select service, currency, month, usage_cost, tax_cost, credit_cost, support_cost, total_cost, forecast_cost, forecast_lo80,
    forecast_hi80, case when month = $month then 'so far' when month > $month then 'ahead' else 'past' end as note
from month_cost
where service in (select unnest($services)) and month >= $month - interval 12 months
    and month <= $month + interval 3 months
order by service, currency, month desc
