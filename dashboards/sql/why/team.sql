-- The same by team.
select service as team, currency, month, cost_before, cost_after, cost_after - cost_before as change, price, efficiency,
    mix, volume, restatement, discount, sentence
from unit_cost_change
where scope = 'team'
qualify month = max(month) over (partition by currency)
order by currency, abs(cost_after - cost_before) desc, service
