"""Rules that the tables keep: each file of sql/checks returns the rows that break one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from data.errors import CheckFailed
from data.warehouse import SQL, replace_window, run


@dataclass(frozen=True)
class Check:
    """One file: `-- severity: stop|warn`, then `-- ` and what to do, then a query."""

    name: str
    severity: str
    advice: str
    query: str


def read_checks(folder: Path = SQL / "checks") -> list[Check]:
    """Return the checks of a folder by name; raises ValueError where a header is missing."""
    checks = []
    for file in sorted(folder.glob("*.sql")):
        text = file.read_text(encoding="utf-8")
        severity, advice = (line.removeprefix("-- ") for line in text.splitlines()[:2])
        if severity not in {"severity: stop", "severity: warn"}:
            raise ValueError(
                f"{file.name}: first line is {severity!r}, want '-- severity: stop' or '-- severity: warn'"
            )
        checks.append(Check(file.stem, severity.removeprefix("severity: "), advice, text))
    return checks


def run_checks(con: duckdb.DuckDBPyConnection, as_of: date, checks: list[Check], fiscal_year_starts: int = 1) -> None:
    """Store what every check finds; raise CheckFailed after the last where one that stops found a row."""
    results = []
    parameters = {"as_of": as_of, "fiscal_year_starts": fiscal_year_starts}
    for check in checks:
        rows = run(con, check.query, parameters).fetchall()
        example = ", ".join(str(value) for value in rows[0]) if rows else None
        results.append((as_of, check.name, check.severity, len(rows), example))
    con.execute("create or replace temp table found_by_check as from check_result limit 0")
    if results:
        con.executemany("insert into found_by_check values (?, ?, ?, ?, ?)", results)
    replace_window(con, "check_result", "select * from found_by_check", keys={"as_of": as_of})
    broken = [
        f"{check.name}: {row[3]} rows, e.g. ({row[4]}); {check.advice}"
        for check, row in zip(checks, results, strict=True)
        if row[3] and check.severity == "stop"
    ]
    if broken:
        raise CheckFailed("; ".join(broken))
