"""What a night has to tell people: what is new is told once, what is over is told when it is, a digest once a week.

Each finding is a query in data/sql/notice that says what it is about and in which words. One whose table this
warehouse has not is left out.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from data.warehouse import load_sql, open_warehouse, run
from flows.notices.notify import notify
from flows.notices.told import keep_told, told_about
from flows.progress import tell
from flows.settings import Settings

SHOWN = 20  # lines of one notice
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Finding:
    """A kind of thing that people are told of."""

    name: str
    table: str  # it is looked for where this table is there
    title: str
    is_over: str | None  # title where one is no more; None where that is no news


FINDINGS = (
    Finding("stale_source", "source_state", "sources are not fresh", "sources are fresh again"),
    Finding("high_risk", "risk", "new high risks", None),
    Finding("open_outage", "series_break", "load is gone", "load is back"),
)


def tell_findings(settings: Settings, as_of: date) -> None:
    """Tell what the night of `as_of` has found; that it cannot be told is reported, and fails no night."""
    if settings.notify.urls_env is None:
        return
    try:
        with open_warehouse(settings.warehouse.path) as con:
            current = {one: _found(con, one, as_of) for one in FINDINGS}
            digest = run(con, load_sql("notice/digest"), {"as_of": as_of}).fetchall()
    except duckdb.Error as error:
        tell("notices", {"error": error}, level=logging.WARNING)
        return
    for finding, lines in current.items():
        _tell_changes(settings, finding, lines, as_of)
    _tell_week(settings, digest, as_of)


def _found(con: duckdb.DuckDBPyConnection, finding: Finding, as_of: date) -> dict[str, str]:
    """Return the lines of a finding by what they are about."""
    there = con.execute("select 1 from duckdb_tables() where table_name = $name", {"name": finding.table}).fetchall()
    if not there:
        return {}
    rows = run(con, load_sql(f"notice/{finding.name}"), {"as_of": as_of}).fetchall()
    return {str(subject): str(line) for subject, line in rows}


def _tell_changes(settings: Settings, finding: Finding, lines: dict[str, str], as_of: date) -> None:
    """Tell what people do not know of yet, and what is over that they know of."""
    before = told_about(settings, finding.name)
    new = {subject: line for subject, line in lines.items() if subject not in before}
    over = {subject: line for subject, line in before.items() if subject not in lines}
    is_told = not new or notify(settings.notify, f"plimsoll {as_of}: {finding.title}", _listed(list(new.values())))
    if over and finding.is_over:
        notify(settings.notify, f"plimsoll {as_of}: {finding.is_over}", _listed(sorted(over)))
    kept = {subject: line for subject, line in lines.items() if subject in before or is_told}
    if kept != before:
        keep_told(settings, finding.name, kept)


def _tell_week(settings: Settings, rows: list[tuple[str, str]], as_of: date) -> None:
    """Send the digest on its weekday, or on the first night after it where that was missed; once a week."""
    if settings.notify.digest == "never":
        return
    first = as_of - timedelta(days=(as_of.weekday() - WEEKDAYS.index(settings.notify.digest)) % 7)
    if told_about(settings, "digest").get("week", "") >= str(first):
        return
    teams: dict[str, list[str]] = {}
    for team, line in rows:
        teams.setdefault(team, []).append(line)
    title = f"plimsoll: the week to {as_of}"
    everything = "\n\n".join(f"{team}\n{_listed(lines)}" for team, lines in teams.items()) or "nothing to tell"
    if notify(settings.notify, title, everything):
        keep_told(settings, "digest", {"week": str(first)})
        for team, name in settings.notify.team_urls_env.items():
            if team in teams:
                own = settings.notify.model_copy(update={"urls_env": name})
                notify(own, f"{title}, {team}", _listed(teams[team]))


def _listed(lines: list[str]) -> str:
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join(f"- {line}" for line in [*lines[:SHOWN], *more])
