"""Services that were renamed, split or merged: whose history goes on under which name."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import duckdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.warehouse import fetch_row, load_sql, replace_window

ROUNDING = 1e-9  # of shares that are written as decimals


class Lineage(BaseModel):
    """One `[[lineage]]` table: from `day` on, `to` goes on with `share` of what `from` was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_service: Annotated[str, Field(alias="from", min_length=1)]
    to_service: Annotated[str, Field(alias="to", min_length=1)]
    day: date  # the first that belongs to `to`, UTC
    share: Annotated[float, Field(gt=0, le=1)] = 1.0


def check_lineages(lineages: tuple[Lineage, ...]) -> tuple[Lineage, ...]:
    """Return what was said; raises ValueError where a service would be more than itself, or its own ancestor."""
    shares: dict[str, float] = defaultdict(float)
    heirs: dict[str, set[str]] = defaultdict(set)
    for one in lineages:
        if one.to_service in heirs[one.from_service]:
            raise ValueError(f"{one.from_service!r} goes on as {one.to_service!r} twice; keep one of them")
        heirs[one.from_service].add(one.to_service)
        shares[one.from_service] += one.share
    for service, share in shares.items():
        if share > 1 + ROUNDING:
            raise ValueError(f"the shares of {service!r} add up to {share:g}; want at most 1")
    for service in list(heirs):
        _check_ends(service, heirs)
    return lineages


Lineages = Annotated[tuple[Lineage, ...], AfterValidator(check_lineages)]


def store_lineage(con: duckdb.DuckDBPyConnection, lineages: Sequence[Lineage]) -> None:
    """Replace `lineage` by what the configuration says now."""
    con.execute("create or replace temp table declared_lineage as from lineage limit 0")
    if lineages:
        rows = [(one.from_service, one.to_service, one.day, one.share) for one in lineages]
        con.executemany("insert into declared_lineage values (?, ?, ?, ?)", rows)
    replace_window(con, "lineage", "from declared_lineage")


def build_inherited(con: duckdb.DuckDBPyConnection) -> None:
    """Join the histories of services that go on with others; run after load and cost are built."""
    rows = "from inherited_actual limit 0"
    if fetch_row(con, "select 1 from lineage limit 1"):
        rows = load_sql("build/inherited_actual")
    replace_window(con, "inherited_actual", rows)


def _check_ends(service: str, heirs: dict[str, set[str]]) -> None:
    """Raise ValueError where following a service's heirs leads back to it."""
    seen: set[str] = set()
    waiting = set(heirs[service])
    while waiting:
        heir = waiting.pop()
        if heir == service:
            raise ValueError(f"{service!r} goes on as itself; take one of its [[lineage]] tables away")
        if heir not in seen:
            seen.add(heir)
            waiting |= heirs.get(heir, set())
