-- From what invoices ask to what pages call usage: every step between two totals that differ, by month of use.
-- billed, by invoice -> used in another month -> commitments spread -> effective -> without tax, credit, support -> usage.
with invoiced as (
    select billing_period as month, currency, sum(billed_cost) as billed_cost
    from cost_day
    where charge_date < $as_of
    group by all
),
used as (
    select date_trunc('month', charge_date)::date as month, currency, sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from cost_day
    where charge_date < $as_of
    group by all
),
parted as (
    select date_trunc('month', date)::date as month, currency, sum(effective_cost) as total_cost,
        sum(effective_cost) filter (where component = 'tax') as tax_cost,
        sum(effective_cost) filter (where component = 'credit') as credit_cost,
        sum(effective_cost) filter (where component = 'support') as support_cost,
        sum(effective_cost) filter (where is_run_rate(component)) as usage_cost,
        sum(effective_cost) filter (where is_run_rate(component) and not is_settled)
            as unsettled_cost
    from cost_service_day
    where date < $as_of
    group by all
)
select month, currency, i.billed_cost, u.billed_cost - i.billed_cost as moved_cost,
    u.effective_cost - u.billed_cost as amortised_cost, p.total_cost, -p.tax_cost as tax_cost,
    -p.credit_cost as credit_cost, -p.support_cost as support_cost, p.usage_cost, p.unsettled_cost
from parted p
left join used u using (month, currency)
left join invoiced i using (month, currency)
where month >= $month - interval 5 months
order by month desc, currency
