-- The newest advice on every limit with the dates that it is from, the nearest first.
select a.service, a.metric, a.level, a.limit_value, a.peak_now, a.peak_since, a.quantile, h.peak_forecast, a.headroom_ratio, a.p10_date,
    a.p50_date, h.p90_date, h.probability_30d, h.probability_60d, a.probability_90d, a.act_by, a.as_of as made_on,
    a.lead_time_days, a.planned_date, a.add_by, a.units_to_add, u.units, a.usd_month, a.at_limit_since, a.tier, a.team, a.fullness_ratio,
    h.peak_forecast / nullif(a.limit_value, 0) as peak_forecast_ratio
from current_advice a
left join headroom h on h.made_on = a.as_of and h.service = a.service and h.metric = a.metric
left join limit_in_force($as_of) u on u.service = a.service and u.metric = a.metric
order by a.service, a.p50_date nulls last, a.p10_date nulls last, a.headroom_ratio nulls last, a.metric
