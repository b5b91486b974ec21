"""How tests give the tables of cost what a load would have stored."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pandas as pd

from data.billing.allocation import Allocation, Currency, Rule, build_cost
from data.catalog import Service
from data.checks import read_checks, run_checks

AS_OF = date(2026, 11, 20)
DAY = date(2026, 11, 12)


def charges(con: duckdb.DuckDBPyConnection, *rows: dict[str, object]) -> None:
    """Store charges, and the ledger's row of each bill, as a load would."""
    usual = {
        "source": "aws",
        "billing_period": date(2026, 11, 1),
        "charge_date": DAY,
        "owner_tag_key": None,
        "owner_tag": None,
        "provider": "AWS",
        "account": None,
        "service_category": "Compute",
        "product": "EC2",
        "region": "us-east-1",
        "charge_category": "Usage",
        "commitment_status": None,
        "charge_kind": None,
        "currency": "USD",
        "cost": Decimal(1),
    }
    frame = pd.DataFrame([usual | row for row in rows]).astype({"cost": "string"})
    con.register("frame", frame)
    con.execute(
        "create or replace temp table rows as select source, billing_period::date as billing_period, "
        "charge_date::date as charge_date, owner_tag_key::varchar as owner_tag_key, owner_tag::varchar as owner_tag, "
        "provider, account::varchar as account, service_category, product, region, charge_category, "
        "commitment_status::varchar as commitment_status, charge_kind::varchar as charge_kind, "
        "currency, cost::decimal(38, 20) as billed_cost, "
        "cost::decimal(38, 20) as effective_cost, 1 as lines from frame"
    )
    con.unregister("frame")
    con.execute("delete from charge_day")
    con.execute("delete from billing_load")
    con.execute("insert into charge_day by name select * from rows")
    con.execute(
        "insert into billing_load by name select source, billing_period, 'x' as execution_id, currency, "
        "'x' as fingerprint, 1 as files, sum(lines) as lines, sum(billed_cost) as billed_cost, "
        "sum(effective_cost) as effective_cost, max(charge_date) as last_charge_date, "
        "timestamp '2026-11-19 08:00:00' as delivered_at, timestamp '2026-11-20' as loaded_at, true as is_current, "
        "sum(lines) as lines_without_invoice from charge_day group by all"
    )


def requests(con: duckdb.DuckDBPyConnection, day: date = DAY, **of_service: float) -> None:
    con.executemany(
        "insert into utilization_hour values (?, 'requests', ?, 1, 1, 1, ?, 1, 'test')",
        [(service, datetime.combine(day, datetime.min.time()), value) for service, value in of_service.items()],
    )


def service(**keys: object) -> Service:
    return Service.model_validate({"tier": 1, "request_metric": "requests"} | keys)


def components(con: duckdb.DuckDBPyConnection, component: str) -> dict[str, Decimal]:
    found = con.execute(
        "select service, sum(effective_cost) from cost_service_day where component = $component group by all",
        {"component": component},
    )
    return dict(found.fetchall())


def build(con: duckdb.DuckDBPyConnection, *rules: Rule, currency: Currency | None = None) -> None:
    build_cost(con, Allocation(rule=rules), (), currency, AS_OF)
    run_checks(con, AS_OF, read_checks())
