-- Where does the money go: the largest products by region over the last 28 days?
select provider, product, region, currency, sum(effective_cost) as effective_cost, sum(list_cost) as list_cost
from cost_day
where charge_date >= (select max(charge_date) - 27 from cost_day) and charge_category = 'Usage'
group by all
order by effective_cost desc
limit 20
