-- The limits of a team's services, what must be acted on first at the top.
select team, service, level, metric, limit_value, is_share, peak_now, headroom_ratio, p10_date, p50_date, p90_date,
    probability_90d, lead_time_days, act_by, planned_date, add_by, units_to_add, units, usd_month
from dated_limit
where team in (select unnest($teams))
order by team, urgency, act_by nulls last, p50_date nulls last, headroom_ratio nulls last, service, metric
