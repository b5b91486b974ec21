-- How far apart are list, contracted, billed and effective cost, month by month?
select billing_period, currency, sum(list_cost) filter (where charge_category = 'Usage') as list_cost,
    sum(contracted_cost) filter (where charge_category = 'Usage') as contracted_cost,
    sum(billed_cost) as billed_cost, sum(effective_cost) as effective_cost
from cost_day
group by all
order by billing_period desc, currency
