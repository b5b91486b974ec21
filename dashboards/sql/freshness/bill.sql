-- The delivery that counts for each billing period, and how many it replaced.
with delivery as (
    select source, billing_period, currency, count(*) as deliveries
    from billing_load
    group by all
)
select b.source, b.billing_period, b.currency, b.lines, b.billed_cost, b.effective_cost, b.list_cost, b.last_charge_date,
    b.delivered_at, b.loaded_at, b.execution_id, b.files, d.deliveries
from billing_load b
join delivery d using (source, billing_period, currency)
where b.is_current
order by b.source, b.billing_period desc, b.currency
limit 200
