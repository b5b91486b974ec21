-- Billing periods of which files that no manifest describes hold but a part of what is stored: use begins on a later day, as
-- where a window of the last 30 days moved on; or a tenth of the lines is left, and no more than half of the cost of any
-- currency, as where files were cleared away and a late line of that month has come.
with stored_day as (
    select d.billing_period, min(d.charge_date) as first_day
    from billing_load_day d
    join billing_load l using (source, billing_period, execution_id, currency)
    where d.source = $source and l.is_current and d.usage_cost <> 0
    group by all
),
new_day as (
    select billing_period,
        min(charge_date) filter (where charge_category = 'Usage' and charge_class is null and unspread_cost <> 0) as first_day
    from charge_new
    group by all
),
stored as (
    select billing_period, currency, sum(lines) as lines, sum(billed_cost) as billed_cost
    from billing_load
    where source = $source and is_current
    group by all
),
new as (
    select billing_period, currency, sum(lines) as lines, sum(billed_cost) as billed_cost
    from charge_new
    group by all
),
fewer as (
    select s.billing_period, sum(s.lines)::bigint as stored_lines, coalesce(sum(n.lines), 0)::bigint as new_lines
    from stored s
    left join new n using (billing_period, currency)
    group by all
    having new_lines * 10 <= stored_lines and bool_and(abs(coalesce(n.billed_cost, 0)) * 2 <= abs(s.billed_cost))
)
select n.billing_period, s.first_day as stored_first_day, n.first_day as new_first_day, f.stored_lines, f.new_lines
from new_day n
left join stored_day s using (billing_period)
left join fewer f using (billing_period)
where coalesce(n.first_day > s.first_day, s.first_day is not null) or f.stored_lines is not null
order by n.billing_period
