"""Whether what a source brought can be believed at all: one that is mostly rejected was read by the wrong rules."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from data.errors import MostlyRejected
from data.warehouse import run

LATER = "at or after as_of"  # a night of the past reads files that reach further: nothing is wrong with them
MISSING = "value is NaN"  # a quiet night divides by zero: no fault, unless nothing else comes


@dataclass(frozen=True)
class Judged:
    """How many rows there were up to the end of the window, and how many of them cannot be used."""

    rows: int
    rejected: int

    def told(self) -> str:
        """Return it in words."""
        return f"{self.rows:,} rows, {self.rejected:,} rejected"


def judge(
    con: duckdb.DuckDBPyConnection, source: str, query: str, parameters: Mapping[str, object] | None = None
) -> Judged:
    """Count rows by reason, and raise MostlyRejected, its reason first, where most or all of them are rejected.

    `query` gives reason (null: usable), file, rows and an example.
    """
    outcomes = run(con, query, parameters).fetchall()
    rows = sum(count for reason, _, count, _ in outcomes if reason != LATER)
    rejected = sorted(
        (row for row in outcomes if row[0] not in {None, LATER}), key=lambda row: (row[0] == MISSING, -row[2], row[0])
    )
    every = sum(count for _, _, count, _ in rejected)
    doubted = sum(count for reason, _, count, _ in rejected if reason != MISSING)
    if rejected and (every == rows or 2 * doubted > rows):
        reason, file, count, example = rejected[0]
        raise MostlyRejected(
            f"{reason}: {count:,} of {rows:,} rows of {source} ({file}: {example}); "
            "correct what its table in the configuration says, plimsoll doctor --file shows how a file can be read"
        )
    return Judged(rows, every)
