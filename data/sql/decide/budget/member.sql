-- The series whose forecasts add up to the cost of each budget.
from budget_member($as_of)
order by scope, name, currency, service, metric
