-- What to do about each limit in force: how urgent it is, and the dates and numbers that say so.
with fact as (
    select l.service, l.metric, l.limit_value, l.lead_time_days, h.peak_now, h.headroom_ratio, h.p10_date, h.p50_date,
        h.act_by, h.probability_90d, h.peak_now / nullif(l.limit_value, 0) as fullness_ratio, h.peak_since, h.quantile,
        h.planned_date, h.units_to_add, h.add_by, h.usd_month, h.at_limit_since
    from limit_in_force($as_of) l
    join service s using (service)
    left join headroom h on h.made_on = $as_of and h.service = l.service and h.metric = l.metric
),
judged as (
    select *,
        case
            when fullness_ratio >= 1 or at_limit_since is not null then 'over'
            when headroom_ratio is null or isnan(headroom_ratio) then 'unknown'
            when act_by < $as_of then 'late'
            -- A plan that fails only beyond its tier's quantile is ordered for, but nobody is late.
            when least(act_by, add_by) <= $as_of + 30 then 'act'
            when least(p10_date, planned_date) is not null then 'watch'
            else 'fine'
        end as level
    from fact
),
ranked as (
    select *, list_position(['over', 'late', 'act', 'watch', 'fine', 'unknown'], level)::integer as urgency
    from judged
)
select $as_of as as_of, service, metric, level, urgency,
    row_number() over (
        partition by service order by urgency, least(act_by, add_by) nulls last, p50_date nulls last, p10_date nulls last,
        headroom_ratio nulls last, metric
    ) = 1 as is_first,
    limit_value, peak_now, fullness_ratio, headroom_ratio, p10_date, p50_date, act_by, lead_time_days, probability_90d,
    peak_since, quantile, planned_date, units_to_add, add_by, usd_month, at_limit_since
from ranked
