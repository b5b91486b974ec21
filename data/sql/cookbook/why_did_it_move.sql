-- Why does each service cost more or less than the month before, the largest moves first?
select service, currency, cost_before, cost_after, cost_after - cost_before as change, price, efficiency, mix, volume, sentence
from current_unit_cost_change
where scope = 'service'
order by abs(change) desc
