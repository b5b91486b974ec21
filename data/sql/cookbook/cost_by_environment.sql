-- What did each environment cost in each of the last three months?
select date_trunc('month', charge_date)::date as month, environment, currency, sum(effective_cost) as effective_cost,
    count(distinct service) as services
from cost_day
where charge_category = 'Usage'
    and charge_date >= (select date_trunc('month', max(charge_date)) - interval 2 month from cost_day)
group by all
order by month, currency, effective_cost desc
