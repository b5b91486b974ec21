select service, is_catalogued, tier, team, country, request_metric, minimum_requests_day, accounts, aliases,
    shared_rule, is_telemetry, target_cost_per_million_usd, budget_usd_month, timezone
from catalogued
