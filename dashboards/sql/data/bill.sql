-- The delivery that counts for each billing period, whether it may still change, and how many it replaced.
with delivery as (
    select source, billing_period, currency, count(*) as deliveries
    from billing_load
    group by all
)
select b.source, b.billing_period, b.currency, b.lines, b.billed_cost, b.effective_cost, b.list_cost, b.last_charge_date,
    b.delivered_at, b.execution_id, d.deliveries, p.finality, p.invoice_total, p.invoice_difference
from billing_load b
join delivery d using (source, billing_period, currency)
left join bill p using (source, billing_period, currency)
anti join removed_source using (source)
where b.is_current
order by b.source, b.billing_period desc, b.currency
limit 200
