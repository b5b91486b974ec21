-- A second, plain count of the files against what was grouped and cleaned: a row is a difference.
with in_files as (
    select upper(no_text(currency)) as currency, count(*) as lines, sum(billed_cost)::decimal(38, 12) as billed,
        sum(effective_cost)::decimal(38, 12) as effective
    from charge_line
    group by all
),
loaded as (
    select currency, sum(lines)::bigint as lines, sum(billed_cost)::decimal(38, 12) as billed,
        sum(effective_cost)::decimal(38, 12) as effective
    from charge_new
    group by all
)
select coalesce(f.currency, l.currency, 'no currency') as currency,
    concat_ws(' ', f.lines, 'lines', f.billed, 'billed', f.effective, 'effective') as found,
    concat_ws(' ', l.lines, 'lines', l.billed, 'billed', l.effective, 'effective') as read
from in_files f
full join loaded l on f.currency is not distinct from l.currency
where f.lines is distinct from l.lines or f.billed is distinct from l.billed or f.effective is distinct from l.effective
limit 1
