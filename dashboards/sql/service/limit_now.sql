-- The newest dates of the limits of some services, the nearest first.
select a.service, a.metric, a.limit_value, is_share(a.limit_value) as is_share, a.peak_now,
    h.peak_forecast, a.headroom_ratio, a.p10_date, a.p50_date, h.p90_date, h.probability_30d, h.probability_60d,
    a.probability_90d, a.lead_time_days, a.act_by, a.planned_date, a.add_by, a.units_to_add, u.units, a.usd_month
from current_advice a
left join headroom h on h.made_on = a.as_of and h.service = a.service and h.metric = a.metric
left join limit_in_force($as_of) u on u.service = a.service and u.metric = a.metric
where a.service in (select unnest($services))
order by a.service, a.p50_date nulls last, a.p10_date nulls last, a.headroom_ratio nulls last, a.metric
