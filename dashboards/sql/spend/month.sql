-- A year of months by currency: list, effective and billed cost, what discounts took off, what has no owner.
with month as (
    -- List cost is of use: what a commitment is bought for would count it twice. Use that is listed at nothing is a bill
    -- that names no list prices, and these are not known.
    select date_trunc('month', charge_date)::date as month, currency,
        nullif(sum(list_cost) filter (where charge_category = 'Usage'), 0) as list_cost,
        sum(effective_cost) filter (where charge_category = 'Usage' and list_cost is not null) as listed_cost,
        sum(effective_cost) as effective_cost, sum(billed_cost) as billed_cost,
        if(sum(effective_cost) is null, null, coalesce(sum(effective_cost) filter (where service = '(unallocated)'), 0))
            as unallocated_cost
    from cost_day
    where charge_date < $as_of and charge_date >= $month - interval 11 months
    group by all
)
select month, currency, list_cost, effective_cost, billed_cost,
    1 - (listed_cost / list_cost)::double as discount_ratio, unallocated_cost,
    unallocated_cost::double / nullif(effective_cost, 0)::double as unallocated_ratio,
    case when month = $month then 'so far' else '' end as state
from month
order by month desc, sum(abs(effective_cost)) over (partition by currency) desc nulls last, currency
