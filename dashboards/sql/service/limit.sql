-- The newest advice on every limit with the dates that it is from, the nearest first.
select service, metric, level, limit_value, peak_now, peak_since, quantile, peak_forecast, headroom_ratio, p10_date, p50_date,
    p90_date, probability_30d, probability_60d, probability_90d, act_by, made_on, lead_time_days, planned_date, add_by,
    units_to_add, units, usd_month, at_limit_since, tier, team, fullness_ratio, peak_forecast_ratio
from dated_limit
order by service, p50_date nulls last, p10_date nulls last, headroom_ratio nulls last, metric
