"""A small made-up estate in the warehouse's tables, with names and gaps that a page must survive."""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from data.warehouse import load_sql, migrate, replace_window, run

AS_OF = date(2026, 11, 20)
HOSTILE = (
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "a/b",
    "A/B",
    "🚢 ship, Größe “1”",
    "x" * 300,
    'O\'Reilly & "Sons" %{y} {{ 7 * 7 }} https://example.org/',
    "con",
)
COLUMNS = (
    "service",
    "tier",
    "team",
    "requests",
    "cpu",
    "cpu_limit",
    "growth",
    "rough",
    "cost",
    "currency",
    "target",
    "budget",
    "gap",
)
SERVICES = (
    # Full, filling, filling slowly, empty; then the odd ones.
    ("checkout", 0, "payments", 40_000.0, 0.60, 0.8, 0.10, 0.05, 88.0, "USD", 6.0, 2_800.0, True),
    ("search", 0, "discovery", 150_000.0, 0.42, 0.8, 0.35, 0.06, 95.0, "USD", 2.0, 2_600.0, False),
    ("catalog", 1, "discovery", 150_000.0, 0.40, 0.8, 0.08, 0.05, 99.0, "USD", None, None, False),
    ("auth", 0, "identity", 220_000.0, 0.31, 0.8, 0.05, 0.04, 70.0, "USD", 0.7, 2_500.0, False),
    ("media", 1, "content", 120_000.0, 0.50, 0.8, 0.05, 0.05, 60.0, "USD", None, None, False),
    ("ads", 2, "revenue", 90_000.0, 0.38, 0.8, 0.42, 0.05, 42.0, "USD", None, 900.0, False),
    ("ranker", 1, "ml", 9_000.0, 0.43, 0.8, 0.20, 0.3, 61.0, "USD", 15.0, None, False),
    ("zurich-ledger", 1, "finance", 4_000.0, 0.22, 0.8, 0.02, 0.05, 33.0, "EUR", None, None, False),
    ("only-cost", 2, "platform", None, None, None, 0.01, 0.05, 12.5, "USD", None, None, False),
    ("only-load", 2, "platform", 5_000.0, 0.2, None, 0.01, 0.05, None, "USD", None, None, False),
    ("limit-but-no-load", 1, "<b>team</b>", None, None, 0.8, 0.01, 0.05, 1.0, "USD", None, None, False),
    ("(unallocated)", None, None, None, None, None, 0.0, 0.05, 35.0, "USD", None, None, False),
    *((name, None, None, 800.0, 0.3, None, 0.02, 0.05, 4.0, "USD", None, None, False) for name in HOSTILE),
)


def make_estate(
    con: duckdb.DuckDBPyConnection, services: tuple[tuple[object, ...], ...] = SERVICES, days: int = 120
) -> None:
    """Fill an empty warehouse."""
    migrate(con)
    spec = pd.DataFrame(list(services), columns=list(COLUMNS))
    con.register("spec_frame", spec)
    con.execute(
        "create or replace temp table spec as select service, tier::integer as tier, team, currency, gap, growth, "
        "rough, requests::double as requests, cpu::double as cpu, cpu_limit::double as cpu_limit, "
        "cost::double as cost, target::double as target, budget::decimal(38, 12) as budget from spec_frame"
    )
    con.unregister("spec_frame")
    for statement in duckdb.extract_statements(Path(__file__).with_name("estate.sql").read_text(encoding="utf-8")):
        run(con, statement.query, {"as_of": AS_OF, "days": days})
    replace_window(con, "unit_cost_day", load_sql("build/unit_cost_day"), {"as_of": AS_OF})
    replace_window(con, "advice", load_sql("decide/advice"), {"as_of": AS_OF}, keys={"as_of": AS_OF})
    replace_window(con, "month_cost", load_sql("decide/month_cost"), {"as_of": AS_OF})
    made_from = AS_OF.replace(month=7, day=1)
    for grain in ("h", "d"):
        every = {"first_service": "", "last_service": "~"}
        parameters = {"as_of": AS_OF, "made_from": made_from, "grain": grain} | every
        replace_window(con, "forecast_score", load_sql("build/forecast_score"), parameters, keys={"grain": grain})
        replace_window(con, "forecast_miss", load_sql("build/forecast_miss"), parameters, keys={"grain": grain})
