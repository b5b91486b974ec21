-- The newest dates of the limits of some services, the nearest first.
select service, metric, limit_value, is_share, peak_now, peak_forecast, headroom_ratio, p10_date, p50_date, p90_date,
    probability_30d, probability_60d, probability_90d, lead_time_days, act_by, planned_date, add_by, units_to_add, units,
    usd_month
from dated_limit
where service in (select unnest($services))
order by service, p50_date nulls last, p10_date nulls last, headroom_ratio nulls last, metric
