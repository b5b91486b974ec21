-- The newest advice on every limit in force, with the dates that it is from.
select a.service, a.team, a.tier, a.metric, a.level, a.urgency, a.as_of as made_on, a.limit_value,
    is_share(a.limit_value) as is_share, a.peak_now, a.peak_since, a.quantile, h.peak_forecast,
    h.peak_forecast / nullif(a.limit_value, 0) as peak_forecast_ratio, a.fullness_ratio, a.headroom_ratio, a.p10_date,
    a.p50_date, h.p90_date, h.probability_30d, h.probability_60d, a.probability_90d, a.lead_time_days, a.act_by,
    a.planned_date, a.add_by, a.units_to_add, u.units, a.usd_month, a.at_limit_since
from current_advice a
left join headroom h on h.made_on = a.as_of and h.service = a.service and h.metric = a.metric
left join limit_in_force($as_of) u on u.service = a.service and u.metric = a.metric
