-- How did cost per million requests move from week to week?
select service, date_trunc('week', date)::date as week, sum(cost_usd) / nullif(sum(requests), 0) * 1e6 as cost_per_million_usd
from unit_cost_day
where is_settled and is_complete and cost_usd is not null
group by all
order by service, week
