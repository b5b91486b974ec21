-- severity: stop
-- the grain of charge_day is broken; report this as a defect
select * exclude (billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines)
from charge_day
group by all
having count(*) > 1
limit 100
