-- The newest dates of the limits of some services, the nearest first.
select a.service, a.metric, a.limit_value, a.limit_value > 0 and a.limit_value <= 1 as is_share, a.peak_now,
    h.peak_forecast, a.headroom_ratio, a.p10_date, a.p50_date, h.p90_date, h.probability_30d, h.probability_60d,
    a.probability_90d, a.lead_time_days, a.act_by, a.planned_date, a.add_by, a.units_to_add, a.usd_month
from current_advice a
left join headroom h on h.made_on = a.as_of and h.service = a.service and h.metric = a.metric
where a.service in (select unnest($services))
order by a.service, a.p50_date nulls last, a.p10_date nulls last, a.headroom_ratio nulls last, a.metric
