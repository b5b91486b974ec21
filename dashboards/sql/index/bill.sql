-- How the newest judged month of the whole bill compares with what was forecast of it: whole months before others, live
-- before backtest.
select month, metric_currency(metric) as currency, grain, origin, made_on, days, is_whole, forecast, actual,
    error_ratio, status
from month_status
where service = '(total)'
qualify row_number() over (partition by metric order by is_whole desc, month desc, origin = 'live' desc) = 1
