"""What must hold of a delivery before anything of it is stored: every number read, every line counted."""

from datetime import date

import duckdb

from data.errors import BrokenDelivery, CheckFailed, SchemaMismatch
from data.warehouse import fetch_row, load_sql


def check_readable(con: duckdb.DuckDBPyConnection, where: str) -> None:
    """Raise SchemaMismatch where `charge_group` met a cost or a time that is none."""
    row = fetch_row(con, "select min(unreadable) from charge_group")
    if row and row[0] is not None:
        is_cost = "Cost holds" in row[0]
        want = "a number such as 1234.5" if is_cost else "a time such as 2026-10-01T00:00:00Z"
        key = "decimal" if is_cost else "date_format"
        raise SchemaMismatch(
            f"{where}: {row[0]}, want {want}; export it again, or say its form (`{key}` of kind azure)"
        )
    # A year of two digits is read as one of the first century; vendors' way to say no date is its first day.
    row = fetch_row(
        con,
        "select min(least(charge_date, billing_period_start)), sum(lines) from charge_group "
        "where least(charge_date, billing_period_start) < '2000-01-01' "
        "or greatest(charge_date, billing_period_start) >= '2100-01-01'",
    )
    if row and row[1]:
        raise SchemaMismatch(
            f"{where}: {row[1]} lines are of a day such as {row[0]}, which is no day of a bill; export it again with "
            "years of four digits, or say their form (`date_format` of kind azure)"
        )
    row = fetch_row(
        con, "select sum(lines) from charge_group where charge_date is null or billing_period_start is null"
    )
    if row and row[0]:
        raise SchemaMismatch(
            f"{where}: {row[0]} lines have no ChargePeriodStart or no BillingPeriodStart; export it again"
        )


def check_consistent(
    con: duckdb.DuckDBPyConnection, where: str, billing_period: date | None, other_periods: frozenset[date] | None
) -> None:
    """Raise where `charge_new` is not the files' lines and sums, lacks a cost or a currency, or is of other periods.

    CheckFailed, which ends the night, where the sums differ: then it is us who lose money, not the delivery.
    """
    if fetch_row(con, load_sql("billing/checksum")) is not None:
        what, there, here = fetch_row(con, load_sql("billing/reconcile")) or ("in all", "other sums", "other sums")
        raise CheckFailed(f"{where}: {what}: {there} in the files, {here} loaded; report this as a defect")
    row = fetch_row(
        con,
        "select min(product), sum(lines - lines_with_billed) from charge_group where lines > lines_with_billed",
    )
    if row and row[1]:
        raise SchemaMismatch(f"{where}: {row[1]} lines have no BilledCost (e.g. of {row[0]!r}); export it again")
    row = fetch_row(con, "select sum(lines) from charge_new where currency is null")
    if row and row[0]:
        raise SchemaMismatch(f"{where}: {row[0]} lines have no BillingCurrency; export it again")
    periods = [
        period for (period,) in con.execute("select distinct billing_period from charge_new order by all").fetchall()
    ]
    if other_periods is not None and billing_period in periods and not other_periods & set(periods):
        return  # a report that was put together from several months, each of which is whole in it
    if billing_period and periods and periods != [billing_period]:
        raise BrokenDelivery(
            f"{where}: holds lines of {', '.join(map(str, periods))}, its folder says {billing_period}; "
            "the files are in the wrong folder"
        )
