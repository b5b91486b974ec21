"""What is on each page: a kind a file. These tuples are the registry; their order is that of the navigation."""

from dashboards.pages import (
    accuracy,
    anomalies,
    budgets,
    capacity,
    commitments,
    data,
    index,
    report,
    service,
    spend,
    team,
    unit_cost,
    why,
)

PAGES = (
    index.PAGE,
    spend.PAGE,
    why.PAGE,
    anomalies.PAGE,
    budgets.PAGE,
    capacity.PAGE,
    unit_cost.PAGE,
    commitments.PAGE,
    accuracy.PAGE,
    data.PAGE,
    report.PAGE,
)
EACH = (service.EACH, team.EACH)
