"""From a source's deliveries to `charge_day` and the ledger: check, clean, reconcile, replace whole billing periods."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from data.billing.deliveries import BillReading, Delivery
from data.billing.focus import Focus
from data.billing.kubernetes import OfNodes
from data.billing.overlap import read_pieces
from data.billing.read.owners import Owners
from data.billing.read.prove import check_consistent, check_readable
from data.billing.read.scan import reason
from data.errors import BrokenDelivery, Changed, InputError
from data.storage.cache import fingerprint, trim_cache
from data.warehouse import SQL, fetch_row, load_sql, replace_window, run, transaction

CACHE_BYTES = 20 << 30  # of local copies a source; what was used longest ago is removed first
SUPERSEDED_A_NIGHT = 24  # the first night of an old export reads so many for the ledger, the next ones the rest
ROUNDS = 3  # of reading again where the vendor writes meanwhile


class BillingSource(Protocol):
    """What every billing source offers."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return what there is to read, superseded deliveries before the current one."""
        ...

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make the temporary view `charge_line` from a delivery's files; return what is odd about them."""
        ...


@dataclass(frozen=True)
class Loaded:
    """What one read of a source brought; `superseded` counts deliveries that only the ledger keeps."""

    periods: int = 0
    lines: int = 0
    superseded: int = 0


def load_bills(
    con: duckdb.DuckDBPyConnection,
    source: BillingSource,
    owners: Owners,
    loaded_at: datetime,
    reading: BillReading,
) -> Loaded:
    """Load every delivery that changed since it was last loaded; the others cost a look at their files.

    A billing period is replaced whole or not at all. Raises InputError after the other deliveries are in.
    """
    con.execute(load_sql("billing/macros"))
    reading = replace(reading, cache=reading.cache / fingerprint(source.name))  # sources are read side by side
    if isinstance(source, OfNodes) and source.kubernetes is not None:
        owners = source.kubernetes.load(con, source.name, owners, reading)
    loaded = Loaded()
    for _ in range(ROUNDS):
        failures: list[InputError] = []
        deliveries = source.deliveries(replace(reading, known=_known(con, source.name)))
        for delivery in deliveries:
            if not delivery.is_current and loaded.superseded >= SUPERSEDED_A_NIGHT:
                continue
            try:
                loaded = _added(loaded, _load(con, source, delivery, owners, loaded_at))
            except InputError as error:
                _store_failure(con, source.name, delivery, error)
                failures.append(error)
            trim_cache(reading.cache, CACHE_BYTES)
        if not any(isinstance(failure, Changed) for failure in failures):
            break
    if reading.known_at is not None:
        _store_later(con, source.name, deliveries, reading.known_at)
    if isinstance(source, Focus):
        source.load_data_sets(con, reading)
    if failures:
        more = f" (and {len(failures) - 1} more deliveries, see input_issue)" if len(failures) > 1 else ""
        raise type(failures[0])(f"{failures[0]}{more}") from failures[0]
    return loaded


def _load(
    con: duckdb.DuckDBPyConnection,
    source: BillingSource,
    delivery: Delivery,
    owners: Owners,
    loaded_at: datetime,
) -> Loaded:
    """Load one delivery, or record the totals of a superseded one; nothing where it is loaded already."""
    if delivery.pending or delivery.files:
        what = "files" if delivery.files else delivery.execution_id
        notes = [delivery.pending] if delivery.pending else []
        _store_issues(con, source.name, f"{delivery.folder.where}/{what}", notes)
    if delivery.problem:
        raise delivery.problem
    if delivery.pending and not delivery.files:
        return Loaded()
    read_by = f"{delivery.fingerprint} {_translation()} {owners.facts}"
    if delivery.is_current and _is_loaded(con, source.name, read_by):
        return Loaded()
    try:
        warnings = _read(con, source, delivery, owners)
        delivery.check_as_listed(source.name)
    except InputError as error:
        if delivery.is_current:
            raise
        _store_issues(con, source.name, delivery.execution_id, [f"superseded and not readable: {error}"])
        return Loaded()
    facts = {
        "source": source.name,
        "execution_id": delivery.execution_id,
        "fingerprint": read_by,
        "files": len(delivery.files),
        "delivered_at": delivery.delivered_at,
        "loaded_at": loaded_at,
        "is_current": delivery.is_current,
    }
    if delivery.is_current and delivery.billing_period is None:
        _keep_whole(con, source.name, delivery)
    periods = _replace(con, delivery, facts)
    if not delivery.is_current:
        return Loaded(superseded=1)
    if delivery.billing_period and periods > 1:
        warnings.append(f"holds {periods} billing periods, its folder says {delivery.billing_period}")
    _store_warnings(con, source.name, _subject(delivery), warnings)
    ((lines,),) = con.execute("select sum(lines)::bigint from charge_new").fetchall()
    return Loaded(periods, lines)


def _translation() -> str:
    """Return a hash of what makes of files what is stored: where it changes, bills are read again."""
    return fingerprint(*(file.read_text(encoding="utf-8") for file in sorted((SQL / "billing").glob("*.sql"))))


def _known(con: duckdb.DuckDBPyConnection, source: str) -> frozenset[str]:
    executions = run(con, "select distinct execution_id from billing_load where source = $source", {"source": source})
    return frozenset(execution for (execution,) in executions.fetchall())


def _is_loaded(con: duckdb.DuckDBPyConnection, source: str, fingerprint: str) -> bool:
    query = "select 1 from billing_load where source = $source and fingerprint = $fingerprint and is_current limit 1"
    return fetch_row(con, query, {"source": source, "fingerprint": fingerprint}) is not None


def _read(con: duckdb.DuckDBPyConnection, source: BillingSource, delivery: Delivery, owners: Owners) -> list[str]:
    """Make the temporary tables `charge_group` and `charge_new` from a delivery, checked; return its odd columns."""
    where = f"{source.name}: {delivery.where}"
    try:
        if len(delivery.pieces) > 1:
            warnings = read_pieces(con, source, delivery, owners, where)
        else:
            warnings = source.read(con, delivery, delivery.fetch(), owners)
        con.execute(f"create or replace temp table charge_group as {load_sql('billing/charge_group')}")
    except duckdb.Error as error:
        raise BrokenDelivery(
            f"{source.name}: {delivery.where}: {reason(error)}; the file is cut short or damaged: copy it again"
        ) from error
    check_readable(con, where)
    run(con, f"create or replace temp table charge_new as {load_sql('billing/charge_day')}", {"source": source.name})
    if owners.nodes:
        con.execute("create or replace temp table charge_whole as from charge_new")
        con.execute(f"create or replace temp table charge_new as {load_sql('billing/charge_split')}")
        missed = con.execute(load_sql("billing/node_unbilled")).fetchall()
        warnings += [
            f"{nodes} nodes of the allocation are in no charge, such as {example}" for nodes, example in missed
        ]
    check_consistent(con, where, delivery.billing_period, delivery.other_periods)
    if delivery.is_current:
        for table, query in (("charge_hour_new", "charge_hour"), ("commitment_new", "commitment")):
            rows = load_sql(f"billing/{query}")
            run(con, f"create or replace temp table {table} as {rows}", {"source": source.name})
    return warnings


def _keep_whole(con: duckdb.DuckDBPyConnection, source: str, delivery: Delivery) -> None:
    """Take billing periods away from `charge_new` of which plain files hold but a part of what is stored, and say so.

    Raises BrokenDelivery where no other period is left.
    """
    reasons = []
    for period, stored_first, first, stored_lines, lines in run(
        con, load_sql("billing/lesser"), {"source": source}
    ).fetchall():
        what = (
            f"use begins on {first or 'no day'} here and on {stored_first} there"
            if stored_lines is None
            else f"it has {lines} lines here and {stored_lines} there"
        )
        reasons.append(
            f"{source}: {delivery.where}: {period} is a part of what is stored of it, which stays: {what}; keep files "
            "of whole months, the older ones beside the newer; if the rest is to go, give the source another `name`"
        )
        con.execute("delete from charge_new where billing_period = $period", {"period": period})
    if reasons and fetch_row(con, "select 1 from charge_new limit 1") is None:
        raise BrokenDelivery(reasons[-1])
    _store_issues(con, source, f"{delivery.folder.where}/parts of months", reasons, severity="rejected")


def _replace(con: duckdb.DuckDBPyConnection, delivery: Delivery, facts: dict[str, object]) -> int:
    """Put the delivery's billing periods in place of what is stored, and its totals into the ledger; return how many.

    A superseded delivery goes into the ledger alone.
    """
    rows = con.execute("select distinct billing_period from charge_new order by all").fetchall()
    periods: list[date] = [period for (period,) in rows]
    if not periods:
        raise BrokenDelivery(
            f"{facts['source']}: {delivery.where}: has no lines; what was loaded before stays: "
            "wait for the next delivery, or check the export's filter"
        )
    with transaction(con):
        for period in periods:
            parameters = facts | {"billing_period": period}
            if delivery.is_current:
                _run_all(con, "billing/replace", parameters)
            _run_all(con, "billing/ledger", parameters)
    return len(periods)


def _run_all(con: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, object]) -> None:
    for statement in duckdb.extract_statements(load_sql(name)):
        run(con, statement.query, parameters)


def _subject(delivery: Delivery) -> str:
    return str(delivery.billing_period or delivery.files[0].name)


def _store_warnings(con: duckdb.DuckDBPyConnection, source: str, file: str, warnings: list[str]) -> None:
    replace_window(
        con,
        "input_issue",
        f"select $source as source, $file as file, 'warning' as severity, reason, rows, example "  # noqa: S608 - our own query
        f"from ({load_sql('billing/warning')}) "
        "union all select $source, $file, 'warning', unnest($warnings::varchar[]), 0, null",
        {"source": source, "file": file, "warnings": warnings},
        keys={"source": source, "file": file},
    )


def _store_later(
    con: duckdb.DuckDBPyConnection, source: str, deliveries: Sequence[Delivery], known_at: datetime
) -> None:
    """Note which bills a night of a back-fill saw as they were delivered later, or says nothing of when they were."""
    later = [
        _subject(one)
        for one in deliveries
        if one.is_current
        and one.files
        and not one.was_known(known_at)
        and (one.billing_period is None or one.billing_period < known_at.date())
    ]
    reason = (
        f"not as known on {known_at.date()}: {', '.join(later)}: no delivery from before then lies there, or none says "
        "when it was made; the night used what is there now"
    )
    _store_issues(con, source, f"back-fill of {known_at.date()}", [reason] if later else [])


def _store_failure(con: duckdb.DuckDBPyConnection, source: str, delivery: Delivery, error: InputError) -> None:
    subject = _subject(delivery) if delivery.files or delivery.billing_period else delivery.where
    _store_issues(con, source, subject, [str(error)], severity="rejected")


def _store_issues(
    con: duckdb.DuckDBPyConnection, source: str, file: str, reasons: list[str], severity: str = "warning"
) -> None:
    replace_window(
        con,
        "input_issue",
        "select $source as source, $file as file, $severity as severity, unnest($reasons::varchar[]) as reason, "
        "0 as rows, null as example",
        {"source": source, "file": file, "severity": severity, "reasons": reasons},
        keys={"source": source, "file": file},
    )


def _added(one: Loaded, other: Loaded) -> Loaded:
    return Loaded(one.periods + other.periods, one.lines + other.lines, one.superseded + other.superseded)
