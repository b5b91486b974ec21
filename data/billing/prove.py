"""What must hold of a delivery before anything of it is stored: every number read, every line counted."""

from datetime import date

import duckdb

from data.errors import BrokenDelivery, SchemaMismatch
from data.warehouse import fetch_row, load_sql

UNREADABLE = {
    "unreadable_billed": "BilledCost",
    "unreadable_effective": "EffectiveCost",
    "unreadable_list": "ListCost",
    "unreadable_contracted": "ContractedCost",
    "unreadable_charge_time": "ChargePeriodStart",
    "unreadable_period": "BillingPeriodStart",
}


def is_readable(con: duckdb.DuckDBPyConnection, where: str) -> None:
    """Raise SchemaMismatch where `charge_group` met a cost or a time that is none."""
    for column, theirs in UNREADABLE.items():
        row = fetch_row(con, f"select min({column}) from charge_group")  # noqa: S608 - our own names
        if row and row[0] is not None:
            raise SchemaMismatch(
                f"{where}: {theirs} holds {row[0]!r}, want "
                f"{'a number' if theirs.endswith('Cost') else 'a time such as 2026-10-01T00:00:00Z'}; export it again"
            )


def is_consistent(con: duckdb.DuckDBPyConnection, where: str, billing_period: date | None) -> None:
    """Raise where `charge_new` is not the files' lines and sums, lacks a cost or a currency, or is of other periods."""
    row = fetch_row(con, load_sql("billing/reconcile"))
    if row is not None:
        raise BrokenDelivery(f"{where}: {row[0]}: {row[1]} in the files, {row[2]} read; report this as a defect")
    row = fetch_row(
        con, "select min(product), sum(lines_without_billed) from charge_group where lines_without_billed > 0"
    )
    if row and row[1]:
        raise SchemaMismatch(f"{where}: {row[1]} lines have no BilledCost (e.g. of {row[0]!r}); export it again")
    row = fetch_row(con, "select sum(lines) from charge_new where currency is null")
    if row and row[0]:
        raise SchemaMismatch(f"{where}: {row[0]} lines have no BillingCurrency; export it again")
    periods = [
        found for (found,) in con.execute("select distinct billing_period from charge_new order by all").fetchall()
    ]
    if billing_period and periods and periods != [billing_period]:
        raise BrokenDelivery(
            f"{where}: holds lines of {', '.join(map(str, periods))}, its folder says {billing_period}; "
            "the files are in the wrong folder"
        )
