-- severity: stop
-- allocation lost or added cost; nothing is published until it ties, report this as a defect
with bills as (
    select source, billing_period, currency, sum(lines) as lines, sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost, sum(list_cost) as list_cost
    from billing_load
    anti join removed_source using (source)
    where is_current
    group by all
),
allocated as (
    select source, billing_period, currency, sum(lines) as lines, sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost, sum(list_cost) as list_cost
    from cost_day
    group by all
)
select coalesce(b.source, a.source) as source, coalesce(b.billing_period, a.billing_period) as billing_period,
    b.billed_cost as billed_in_bill, a.billed_cost as billed_in_table
from bills b
full join allocated a using (source, billing_period, currency)
where b.lines is distinct from a.lines
    or b.billed_cost is distinct from a.billed_cost
    or b.effective_cost is distinct from a.effective_cost
    or b.list_cost is distinct from a.list_cost
