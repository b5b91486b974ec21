"""From a delivery's lines to `charge_day`: check, clean, reconcile, and replace whole billing periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import duckdb

from data.billing.deliveries import Delivery
from data.errors import BrokenDelivery, InputError, SchemaMismatch
from data.warehouse import fetch_row, first_line, load_sql, replace_window, run, transaction

UNREADABLE = {
    "unreadable_billed": "BilledCost",
    "unreadable_effective": "EffectiveCost",
    "unreadable_list": "ListCost",
    "unreadable_contracted": "ContractedCost",
    "unreadable_charge_time": "ChargePeriodStart",
    "unreadable_period": "BillingPeriodStart",
}


class BillingSource(Protocol):
    """What every billing source offers."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def deliveries(self) -> list[Delivery]: ...  # noqa: D102

    def read(self, con: duckdb.DuckDBPyConnection, delivery: Delivery, tag_keys: Sequence[str]) -> list[str]: ...  # noqa: D102


@dataclass(frozen=True)
class Loaded:
    """What one read of a source brought."""

    periods: int
    lines: int


def load_bills(
    con: duckdb.DuckDBPyConnection, source: BillingSource, tag_keys: Sequence[str], loaded_at: datetime
) -> Loaded:
    """Load every delivery that changed since it was last loaded; the others cost a look at their files.

    A billing period is replaced whole or not at all. Raises the first InputError after the other deliveries are in.
    """
    con.execute(load_sql("billing/macros"))
    loaded, failures = Loaded(0, 0), []
    for delivery in source.deliveries():
        fingerprint = f"{delivery.fingerprint} {'|'.join(tag_keys)}"
        if _is_loaded(con, source.name, fingerprint):
            continue
        try:
            oddities = _read(con, source, delivery, tag_keys)
            periods = _replace(con, source.name, delivery, fingerprint, loaded_at)
            _store_warnings(con, source.name, str(delivery.billing_period or delivery.files[0].name), oddities)
        except InputError as error:
            failures.append(error)
            continue
        ((lines,),) = con.execute("select sum(lines)::bigint from charge_new").fetchall()
        loaded = Loaded(loaded.periods + periods, loaded.lines + lines)
    if failures:
        raise failures[0]
    return loaded


def _is_loaded(con: duckdb.DuckDBPyConnection, source: str, fingerprint: str) -> bool:
    query = "select 1 from billing_load where source = $source and fingerprint = $fingerprint and is_current limit 1"
    return fetch_row(con, query, {"source": source, "fingerprint": fingerprint}) is not None


def _read(
    con: duckdb.DuckDBPyConnection, source: BillingSource, delivery: Delivery, tag_keys: Sequence[str]
) -> list[str]:
    """Make the temporary tables `charge_group` and `charge_new` from a delivery, checked; return its odd columns."""
    try:
        oddities = source.read(con, delivery, tag_keys)
        con.execute(f"create or replace temp table charge_group as {load_sql('billing/charge_group')}")
    except duckdb.Error as error:
        raise BrokenDelivery(
            f"{source.name}: {delivery.files[0]}: {first_line(error)}; the file is cut short or damaged: copy it again"
        ) from error
    for column, theirs in UNREADABLE.items():
        row = fetch_row(con, f"select min({column}) from charge_group")  # noqa: S608 - our own names
        if row and row[0] is not None:
            raise SchemaMismatch(
                f"{source.name}: {delivery.files[0]}: {theirs} holds {row[0]!r}, want "
                f"{'a number' if theirs.endswith('Cost') else 'a time such as 2026-10-01T00:00:00Z'}; export it again"
            )
    run(con, f"create or replace temp table charge_new as {load_sql('billing/charge_day')}", {"source": source.name})
    _is_consistent(con, source.name, delivery)
    return oddities


def _is_consistent(con: duckdb.DuckDBPyConnection, source: str, delivery: Delivery) -> None:
    where = f"{source}: {delivery.files[0].parent}"
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
    if delivery.billing_period and periods and periods != [delivery.billing_period]:
        raise BrokenDelivery(
            f"{where}: holds lines of {', '.join(map(str, periods))}, its folder says {delivery.billing_period}; "
            "the files are in the wrong folder"
        )


def _replace(
    con: duckdb.DuckDBPyConnection, source: str, delivery: Delivery, fingerprint: str, loaded_at: datetime
) -> int:
    """Put the delivery's billing periods in place of what is stored, with their totals; return how many."""
    found = con.execute("select distinct billing_period from charge_new order by all").fetchall()
    periods: list[date] = [period for (period,) in found]
    if not periods:
        raise BrokenDelivery(f"{source}: {delivery.files[0]}: has no lines; wait for the next delivery")
    with transaction(con):
        for period in periods:
            parameters = {
                "source": source,
                "billing_period": period,
                "execution_id": delivery.execution_id,
                "fingerprint": fingerprint,
                "files": len(delivery.files),
                "delivered_at": delivery.delivered_at,
                "loaded_at": loaded_at,
            }
            for statement in load_sql("billing/replace").split(";"):
                run(con, statement, parameters)
            run(con, f"insert into billing_load by name {load_sql('billing/billing_load')}", parameters)
    return len(periods)


def _store_warnings(con: duckdb.DuckDBPyConnection, source: str, file: str, oddities: list[str]) -> None:
    replace_window(
        con,
        "input_issue",
        f"select $source as source, $file as file, 'warning' as severity, reason, rows, example "  # noqa: S608 - our own query
        f"from ({load_sql('billing/warning')}) "
        "union all select $source, $file, 'warning', unnest($oddities::varchar[]), 0, null",
        {"source": source, "file": file, "oddities": oddities},
        keys={"source": source, "file": file},
    )
