-- severity: stop
-- the cost of services does not add up to the bill; nothing is published until it does, report this as a defect
with allocated as (
    select charge_date as date, currency, sum(billed_cost) as billed_cost, sum(effective_cost) as effective_cost
    from cost_day
    group by all
),
by_service as (
    select date, currency, sum(billed_cost) as billed_cost, sum(effective_cost) as effective_cost
    from cost_service_day
    group by all
)
select coalesce(a.date, s.date) as date, coalesce(a.currency, s.currency) as currency, a.billed_cost as billed_in_cost_day,
    s.billed_cost as billed_in_cost_service_day
from allocated a
full join by_service s using (date, currency)
where a.billed_cost is distinct from s.billed_cost or a.effective_cost is distinct from s.effective_cost
