-- Every limit in force on one time axis of 90 days, what must be acted on first at the top.
select a.service, a.team, a.tier, a.metric, a.level, a.limit_value, is_share(a.limit_value) as is_share,
    a.peak_now, a.fullness_ratio, a.headroom_ratio, a.p10_date, a.p50_date, h.p90_date, a.act_by, a.lead_time_days,
    a.probability_90d, a.planned_date, a.add_by, a.units_to_add, u.units, a.usd_month
from current_advice a
left join headroom h on h.made_on = a.as_of and h.service = a.service and h.metric = a.metric
left join limit_in_force($as_of) u on u.service = a.service and u.metric = a.metric
order by a.urgency, a.act_by nulls last, a.p50_date nulls last, a.headroom_ratio nulls last, a.service, a.metric
limit 500
