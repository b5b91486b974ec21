-- severity: stop
-- the grain of cost_day is broken; report this as a defect
select * exclude (billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines)
from cost_day
group by all
having count(*) > 1
limit 100
