-- A second, plain count of the files against what was grouped and cleaned: a row is a difference.
with as_found as (
    select billing_period_start, currency, count(*) as lines, sum(billed_cost) as billed, sum(effective_cost) as effective
    from charge_line
    group by all
),
in_files as (
    select billing_month(billing_period_start) as billing_period, upper(no_value(currency)) as currency,
        sum(lines)::bigint as lines, sum(billed)::decimal(38, 20) as billed, sum(effective)::decimal(38, 20) as effective
    from as_found
    group by all
),
loaded as (
    select billing_period, currency, sum(lines)::bigint as lines, sum(billed_cost)::decimal(38, 20) as billed,
        sum(effective_cost)::decimal(38, 20) as effective
    from charge_new
    group by all
)
select concat_ws(' ', coalesce(f.billing_period, l.billing_period), coalesce(f.currency, l.currency, 'no currency'))
        as what,
    concat_ws(' ', f.lines, 'lines', f.billed, 'billed', f.effective, 'effective') as found,
    concat_ws(' ', l.lines, 'lines', l.billed, 'billed', l.effective, 'effective') as read
from in_files f
full join loaded l
    on f.currency is not distinct from l.currency and f.billing_period is not distinct from l.billing_period
where f.lines is distinct from l.lines or f.billed is distinct from l.billed or f.effective is distinct from l.effective
limit 1
