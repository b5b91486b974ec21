"""What is on each page: a kind a file. These tuples are the registry; their order is that of the navigation."""

from dashboards.pages import accuracy, data, index, service, team

PAGES = (
    index.PAGE,
    accuracy.PAGE,
    data.PAGE,
)
EACH = (service.EACH, team.EACH)
