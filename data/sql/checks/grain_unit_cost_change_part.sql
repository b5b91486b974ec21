-- severity: stop
-- the grain of unit_cost_change_part is broken; report this as a defect
select scope, service, month, currency, place
from unit_cost_change_part
group by all
having count(*) > 1
limit 100
