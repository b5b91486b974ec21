-- Cost and use by cell of each month that is told and of the days of the month before that it is held against: this month
-- and the last, those that were never told, and those whose bill was restated in the last week. Whole months where the
-- days are settled to the end, else the same days of both.
with settled as (
    select currency, min(date) as first_day, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
month as (
    select currency, month::date as month, first_day, last_day,
        last_day < last_day(month) as is_running,
        case when last_day < last_day(month) then day(last_day) else 31 end as days
    from (
        select currency, first_day, last_day,
            unnest(range(date_trunc('month', first_day)::timestamp, last_day + interval 1 day, interval 1 month)) as month
        from settled
    )
    where month - interval 1 month >= first_day
),
restated as (
    select distinct currency, unnest([billing_period, (billing_period + interval 1 month)::date]) as month
    from billing_load
    where loaded_at >= $as_of::timestamp - interval 7 days
),
told as (
    select m.*
    from month m
    left join (select distinct currency, month, true as is_known from unit_cost_change) k using (currency, month)
    left join (select currency, month, true as is_restated from restated) r using (currency, month)
    where k.is_known is null or r.is_restated or m.month >= date_trunc('month', $as_of::date) - interval 1 month
),
line as (
    select c.service, c.currency, date_trunc('month', c.charge_date)::date as month, day(c.charge_date) as day, c.product, c.region,
        c.consumed_unit as usage_unit, coalesce(c.charge_class = 'Correction', false) as is_correction,
        case
            when c.commitment_status = 'Unused' then 0
            else coalesce(nullif(c.list_cost, 0), nullif(c.contracted_cost, 0), c.effective_cost, c.billed_cost)
        end as list_cost,
        coalesce(c.effective_cost, c.billed_cost) as cost,
        case when c.commitment_status is distinct from 'Unused' then c.consumed_quantity end as quantity
    from cost_day c
    where c.charge_category not in ('Tax', 'Credit', 'Purchase')
),
side as (
    select t.month, t.is_running, t.days, 'after' as side, l.* exclude (month)
    from told t
    join line l on l.currency = t.currency and l.month = t.month and l.day <= t.days
    union all
    select t.month, t.is_running, t.days, 'before', l.* exclude (month)
    from told t
    join line l on l.currency = t.currency and l.month = t.month - interval 1 month and l.day <= t.days
)
select month, currency, is_running, least(days, day(last_day(month - interval 1 month))) as days_before,
    least(days, day(last_day(month))) as days_after, service, product, region, usage_unit,
    coalesce(sum(list_cost) filter (where side = 'before' and not is_correction), 0)::decimal(38, 12)::varchar as list_before,
    coalesce(sum(list_cost) filter (where side = 'after' and not is_correction), 0)::decimal(38, 12)::varchar as list_after,
    coalesce(sum(list_cost) filter (where side = 'before' and is_correction), 0)::decimal(38, 12)::varchar as corrected_before,
    coalesce(sum(list_cost) filter (where side = 'after' and is_correction), 0)::decimal(38, 12)::varchar as corrected_after,
    coalesce(sum(cost) filter (where side = 'before'), 0)::decimal(38, 12)::varchar as cost_before,
    coalesce(sum(cost) filter (where side = 'after'), 0)::decimal(38, 12)::varchar as cost_after,
    sum(quantity order by day, quantity) filter (where side = 'before' and not is_correction) as quantity_before,
    sum(quantity order by day, quantity) filter (where side = 'after' and not is_correction) as quantity_after
from side
group by all
order by currency, month, service, product, region, usage_unit
