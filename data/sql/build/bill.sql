-- Every billing period that is loaded, and how its billed cost differs from the invoice.
with loaded as (
    select *, (billing_period + interval 1 month)::date as closed_on
    from billing_load
    where is_current
)
select l.source, l.billing_period, l.currency, l.execution_id, l.delivered_at, l.lines, l.billed_cost, l.effective_cost,
    case
        when $as_of < l.closed_on then 'open'
        when l.lines_without_invoice = 0 or $as_of >= l.closed_on + 15 then 'final'
        else 'closed'
    end as finality,
    i.total as invoice_total,
    l.billed_cost - i.total as invoice_difference
from loaded l
left join invoice i
    on i.source = l.source and i.billing_period = l.billing_period and i.currency = l.currency
