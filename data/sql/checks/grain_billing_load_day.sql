-- severity: stop
-- the grain of billing_load_day is broken; report this as a defect
select * exclude (usage_cost)
from billing_load_day
group by all
having count(*) > 1
limit 100
