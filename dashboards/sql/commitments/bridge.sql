-- From list to effective cost by month: what negotiated prices and what commitments take off. Where no
-- list prices are named (all are nothing), there is no bridge from them.
select date_trunc('month', charge_date)::date as month, currency, sum(list_cost) as list_cost,
    sum(contracted_cost) - sum(list_cost) as negotiated_cost, sum(effective_cost) - sum(contracted_cost) as committed_cost,
    sum(effective_cost) as effective_cost
from cost_day
where charge_category = 'Usage' and charge_date < $as_of and charge_date >= $month - interval 11 months
    and list_cost is not null and contracted_cost is not null and effective_cost is not null
group by all
having sum(list_cost) <> 0
order by month desc, currency
