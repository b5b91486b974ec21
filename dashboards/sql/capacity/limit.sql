-- Every limit in force on one time axis of 90 days, what must be acted on first at the top.
select service, team, tier, metric, level, limit_value, is_share, peak_now, fullness_ratio, headroom_ratio, p10_date, p50_date,
    p90_date, act_by, lead_time_days, probability_90d, planned_date, add_by, units_to_add, units, usd_month
from dated_limit
order by urgency, act_by nulls last, p50_date nulls last, headroom_ratio nulls last, service, metric
limit 500
