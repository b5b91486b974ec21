-- What each scenario changes.
from scenario_change
order by scenario, service, place
