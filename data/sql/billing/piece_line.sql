-- A piece's lines by what they say (all but their invoice, which comes later), on days that another has lines of too.
with shared as (
    select billing_period, date
    from piece_day
    group by all
    having count(*) > 1
)
select $piece::integer as piece, billing_month(l.billing_period_start) as billing_period,
    l.charge_period_start::date as date, l.line, l.what,
    -- Lines that cost nothing tell nothing: many are equal by nature.
    count(*) filter (where coalesce(l.billed_cost, 0) <> 0 or coalesce(l.effective_cost, 0) <> 0) as lines,
    count(no_value(l.invoice)) as invoiced,
    any_value(hash(concat_ws('|', l.billing_account, l.sub_account, l.product, l.region, l.currency))) as owner,
    sum(l.billed_cost)::decimal(38, 20) as billed_cost,
    sum(l.effective_cost)::decimal(38, 20) as effective_cost
from charge_line l
join shared s on s.billing_period = billing_month(l.billing_period_start) and s.date = l.charge_period_start::date
group by all
