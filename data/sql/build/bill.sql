-- Every billing period that is loaded, and how its billed cost differs from the invoice; an invoice of what was not loaded
-- has no lines.
with loaded as (
    select *, (billing_period + interval 1 month)::date as closed_on
    from billing_load
    anti join removed_source using (source)
    where is_current
),
invoiced as (
    -- A period may have several invoices.
    select source, billing_period, currency, sum(total)::decimal(38, 20) as total,
        (billing_period + interval 1 month)::date as closed_on
    from invoice
    anti join invoice_detail using (source, billing_period, currency)
    group by all
    union all
    select source, billing_period, currency, total, (billing_period + interval 1 month)::date
    from invoice_detail
    anti join removed_source using (source)
)
select source, billing_period, currency, coalesce(l.execution_id, '(none)') as execution_id, l.delivered_at,
    coalesce(l.lines, 0) as lines, coalesce(l.billed_cost, 0) as billed_cost, l.effective_cost,
    case
        when p.is_closed then 'final'
        when $as_of < closed_on then 'open'
        when not p.is_closed then 'closed'
        when l.lines_without_invoice = 0 or $as_of >= closed_on + 15 then 'final'
        else 'closed'
    end as finality,
    i.total as invoice_total,
    coalesce(l.billed_cost, 0) - i.total as invoice_difference
from loaded l
full join invoiced i using (source, billing_period, currency, closed_on)
left join billing_period_state p using (source, billing_period)
