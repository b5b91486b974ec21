"""Decisions: SQL inputs -> a spec's one pure method -> its tables, one decision after the other.

A decision that only joins and sums is a query: it has no spec. The order is that of what they read of each other.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from data.storage.disk import is_full
from data.warehouse import SQL, first_line, load_sql, replace_window, run
from flows.progress import tell
from forecasting.decisions import Decision
from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.budget import Budget
from forecasting.decisions.commitment_option import CommitmentOption
from forecasting.decisions.cost_period import CostPeriod
from forecasting.decisions.headroom import Headroom
from forecasting.decisions.night import Night, Rows
from forecasting.decisions.scale_schedule import ScaleSchedule
from forecasting.decisions.scenario import Scenario
from forecasting.decisions.team_month import TeamMonth
from forecasting.decisions.unit_cost_change import UnitCostChange
from forecasting.decisions.unit_cost_forecast import UnitCostForecast
from forecasting.decisions.use_per_request import UsePerRequest

NIGHT_COLUMNS = ("as_of", "made_on")  # what a table calls the night; one without either is replaced as a whole


@dataclass(frozen=True)
class Query:
    """A decision in SQL: `data/sql/decide/<table>.sql` is what this night says."""

    table: str

    @property
    def kind(self) -> str:
        """Return the name it is told by."""
        return self.table


DECISIONS: tuple[Decision | Query, ...] = (
    Headroom(),
    ScaleSchedule(),
    UsePerRequest(),
    CostPeriod(),
    Budget(),
    TeamMonth(),
    Query("month_cost"),
    Query("advice"),
    Query("probability_reliability"),
    Anomaly(),
    UnitCostChange(),
    UnitCostForecast(),
    Query("unit_cost_status"),
    Scenario(),
    Query("commitment_month"),
    CommitmentOption(),
    Query("risk"),
    Query("decision_log"),
)


def decide(con: duckdb.DuckDBPyConnection, night: Night) -> dict[str, str]:
    """Make every decision; one that fails keeps what earlier nights said, is reported, and stops no other.

    Return the reasons of those that failed by kind.
    """
    failed = {}
    for decision in DECISIONS:
        try:
            decide_one(con, decision, night)
        except Exception as error:
            if is_full(error):  # no fault of the decision: a night without room is not done
                raise
            failed[decision.kind] = f"{type(error).__name__}: {first_line(error)}"
            tell("decision failed", {"decision": decision.kind, "error": error}, level=logging.ERROR)
    _store_failures(con, night.as_of, failed)
    return failed


def decide_one(con: duckdb.DuckDBPyConnection, decision: Decision | Query, night: Night) -> None:
    """Read what a decision needs, decide, and put the rows in place of this night's."""
    parameters = parameters_of(night)
    if isinstance(decision, Query):
        replace_window(
            con,
            decision.table,
            load_sql(f"decide/{decision.table}"),
            parameters,
            keys=_night_key(con, decision.table, night),
        )
        return
    inputs = _read(con, decision, parameters)
    for rows in decision.decide(inputs, night):
        _store(con, rows, night)


def parameters_of(night: Night) -> dict[str, object]:
    """Return what queries may name: `$as_of`, `$month` (of the last known day), `$fiscal_year_starts`."""
    last_known = night.as_of - pd.Timedelta(days=1)
    return {
        "as_of": night.as_of,
        "month": date(last_known.year, last_known.month, 1),
        "fiscal_year_starts": night.fiscal_year_starts,
    }


def queries(decision: Decision) -> Iterator[tuple[str, str]]:
    """Yield the inputs of a decision by name: the files of its folder, and those that it shares with another."""
    for file in sorted((SQL / "decide" / decision.kind).glob("*.sql")):
        yield file.stem, file.read_text(encoding="utf-8")
    for name, (file_of_other, condition) in getattr(decision, "also", {}).items():
        yield name, f"select * from ({load_sql(f'decide/{file_of_other}')}) where {condition}"  # noqa: S608 - constants


def _read(con: duckdb.DuckDBPyConnection, decision: Decision, parameters: dict[str, object]) -> dict[str, pd.DataFrame]:
    """Read the inputs of a decision; where the one that it needs is empty, no other."""
    every = dict(queries(decision))
    needed = getattr(decision, "needs", None)
    if needed is not None:
        first = run(con, every[needed], parameters).df()
        if first.empty:
            return {needed: first}
    return {name: run(con, query, parameters).df() for name, query in every.items()}


def _store(con: duckdb.DuckDBPyConnection, rows: Rows, night: Night) -> None:
    key = _night_key(con, rows.table, night)
    keys = {**key, **(rows.keys or {})}
    replaced = {} if rows.is_newest_only else keys
    if rows.frame.empty:
        replace_window(con, rows.table, f"from {rows.table} limit 0", keys=replaced)
        return
    constants = {name: value for name, value in keys.items() if name not in rows.frame}
    named = "".join(f", ${name} as {name}" for name in constants)
    con.register("decided", rows.frame)
    replace_window(con, rows.table, f"select *{named} from decided", constants, keys=replaced)  # noqa: S608 - constants
    con.unregister("decided")


def _night_key(con: duckdb.DuckDBPyConnection, table: str, night: Night) -> dict[str, object]:
    columns = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    return {column: night.as_of for column in NIGHT_COLUMNS if column in columns}


def _store_failures(con: duckdb.DuckDBPyConnection, as_of: date, failed: dict[str, str]) -> None:
    """Put a row a failed decision beside those of the checks: pages and planners see that its tables are old."""
    con.execute("delete from check_result where as_of = $as_of and name like 'decision %'", {"as_of": as_of})
    for kind, reason in failed.items():
        con.execute(
            "insert into check_result values ($as_of, $name, 'warn', 1, $example)",
            {"as_of": as_of, "name": f"decision {kind}", "example": reason},
        )
