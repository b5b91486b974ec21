-- The newest dates of the limits of some services, the nearest first.
with in_force as (
    select service, metric, last(lead_time_days order by valid_from) as lead_time_days
    from capacity_limit
    where valid_from <= $as_of
    group by all
)
select h.service, h.metric, h.limit_value, h.limit_value > 0 and h.limit_value <= 1 as is_share, h.peak_now,
    h.peak_forecast, h.headroom_ratio, h.p10_date, h.p50_date, h.p90_date, h.probability_30d, h.probability_60d,
    h.probability_90d, l.lead_time_days, h.act_by
from current_headroom h
left join in_force l using (service, metric)
where h.service in (select unnest($services))
order by h.service, h.p50_date nulls last, h.p10_date nulls last, h.headroom_ratio nulls last, h.metric
