-- The whole bill of each month beside what was forecast of it before it began, by currency.
select month, metric_currency(metric) as currency, compared, origin, made_on, forecast, actual,
    error_ratio, status, maturity
from month_status
where service = '(total)'
order by month desc, currency, origin desc
limit 40
