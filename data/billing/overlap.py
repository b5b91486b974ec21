"""A delivery in pieces that may overlap, such as downloads of a month so far: each charge counts once.

Pieces are files that no manifest joins, or runs of an export over ranges of days. Where two hold the same lines, or are
said to cover the same days, the newer one is right for the days that it covers. Newer is, in this order: what its
manifest says was written later; what has the later date in its name; what goes to a later day; what holds all of the
other and more; what has more of its lines on an invoice. Where none of these tells, the source is refused.

Files whose names differ in their date alone are downloads of one bill, or increments, each with what came late of days
before it: the lines tell. Equal ones, or as many of the same charges and days, are downloads; far fewer on their common
days, or others, are increments, and all count. What could be either is refused.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb

from data.billing.deliveries import Delivery, Piece
from data.billing.read.owners import Owners
from data.errors import BrokenDelivery
from data.warehouse import load_sql, run

_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


class Reader(Protocol):
    """What of a source is needed."""

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make the temporary view `charge_line`."""
        ...


def read_pieces(
    con: duckdb.DuckDBPyConnection, source: Reader, delivery: Delivery, owners: Owners, where: str
) -> list[str]:
    """Make `charge_line` of all pieces, each charge once; return what is odd. Raises BrokenDelivery."""
    local = dict(zip(delivery.files, delivery.fetch(), strict=True))

    def read(number: int) -> list[str]:
        files = delivery.pieces[number].files
        return source.read(con, replace(delivery, files=files, pieces=()), [local[file] for file in files], owners)

    _gather(con, "piece_day", range(len(delivery.pieces)), read)
    together = con.execute(load_sql("billing/piece_shared")).fetchall()
    _gather(con, "piece_line", [number for (number,) in together], read)
    lost, apart = _lost(con, delivery.pieces, where)
    _check_told_once(con, delivery.pieces, lost, where)
    if not lost:
        return [*source.read(con, delivery, [local[file] for file in delivery.files], owners), *apart]
    con.execute("create or replace temp table piece_lost (piece integer, billing_period date, date date)")
    con.executemany("insert into piece_lost values (?, ?, ?)", sorted(lost))
    warnings: list[str] = []
    for number in range(len(delivery.pieces)):
        warnings += read(number)
        kept = load_sql("billing/piece_kept")
        into = "insert into kept_line by name" if number else "create or replace temp table kept_line as"
        run(con, f"{into} {kept}", {"piece": number})
    con.execute("create or replace temp view charge_line as from kept_line")
    losers = sorted({delivery.pieces[number].name for number, *_ in lost})
    once = (f"{name}: days of it are in a newer file too: counted once" for name in losers)
    return [*dict.fromkeys(warnings), *once, *apart]


def _gather(con: duckdb.DuckDBPyConnection, table: str, numbers: Sequence[int], read: Callable[[int], object]) -> None:
    """Make a temporary table of what the query of its name finds in each of the pieces."""
    query = load_sql(f"billing/{table}")
    for position, number in enumerate(numbers or [0]):
        read(number)
        into = f"insert into {table} by name" if position else f"create or replace temp table {table} as"
        run(con, f"{into} {query}", {"piece": number if numbers else -1})
    if not numbers:
        con.execute(f"delete from {table}")  # noqa: S608 - our own names


def _lost(
    con: duckdb.DuckDBPyConnection, pieces: Sequence[Piece], where: str
) -> tuple[set[tuple[int, date, date]], list[str]]:
    """Return the days that each piece leaves to a newer one, and which pieces have days in common and count both."""
    days: dict[int, dict[date, set[date]]] = {number: {} for number in range(len(pieces))}
    for number, period, day in con.execute("select distinct piece, billing_period, date from piece_day").fetchall():
        days[number].setdefault(period, set()).add(day)
    lost: set[tuple[int, date, date]] = set()
    apart: list[str] = []
    for row in con.execute(load_sql("billing/piece_pair")).fetchall():
        one, other, shared, alike, fewer, *facts = row
        names = f"{pieces[one].name} and {pieces[other].name}"
        if _is_dated_alike(pieces[one], pieces[other]) and shared * 2 < fewer:
            older, newer = (one, other) if _dates(pieces[one]) < _dates(pieces[other]) else (other, one)
            lines = {one: facts[2], other: facts[3]}
            is_full = lines[newer] * 2 >= lines[older]
            is_whole = all(own <= days[newer][period] for period, own in days[older].items() if period in days[newer])
            if not is_full or not (is_whole or alike * 2 >= fewer):
                apart.append(f"{names}: hold other charges of the same days: both are counted")
                continue
            if not (is_whole and alike * 2 >= fewer):
                raise BrokenDelivery(
                    f"{where}: {names} have one name but for its date, days in common, and other lines on them: "
                    "whether the newer one repeats the older cannot be told; remove the older, or where both count "
                    "name them differently"
                )
        elif not _are_one(pieces[one], pieces[other], shared, fewer):
            continue
        older, newer = _by_age(pieces, (one, other), shared, facts, where)
        for period, own in days[older].items():
            covered = pieces[newer].range or _range(days[newer].get(period))
            lost |= {(older, period, day) for day in own if covered and covered[0] <= day <= covered[1]}
    return lost, apart


def _check_told_once(
    con: duckdb.DuckDBPyConnection, pieces: Sequence[Piece], lost: set[tuple[int, date, date]], where: str
) -> None:
    """Raise BrokenDelivery where two pieces that both count are one bill, by the hour and by the day."""
    leaving = {number for number, *_ in lost}
    for one, other, days in con.execute(load_sql("billing/piece_twice")).fetchall():
        if not leaving & {one, other}:
            raise BrokenDelivery(
                f"{where}: {pieces[one].name} and {pieces[other].name} say the same cost of each account and product "
                f"on all {days} days that they have in common, in other lines: they are one bill in two forms; keep one"
            )


def _is_dated_alike(one: Piece, other: Piece) -> bool:
    """Tell whether nothing but the date of their names tells two files apart."""
    is_said = one.range and other.range
    return bool(not is_said and _dates(one) and _dates(other) and _DATE.sub("", one.name) == _DATE.sub("", other.name))


def _are_one(one: Piece, other: Piece, shared: int, fewer: int) -> bool:
    """Tell whether two pieces with days in common are of the same charges.

    Either they say so by their ranges, or half of the lines of the smaller one are in the other: parts of one delivery
    have few equal lines, and only by chance.
    """
    if one.range and other.range:
        return one.range[0] <= other.range[1] and other.range[0] <= one.range[1]
    return (shared > 0 or (fewer == 0 and _is_dated_alike(one, other))) and shared * 2 >= fewer


def _by_age(
    pieces: Sequence[Piece], pair: tuple[int, int], shared: int, facts: Sequence[Any], where: str
) -> tuple[int, int]:
    """Return the older and the newer of two pieces."""
    one, other = pair
    last, other_last, lines, other_lines, invoiced, other_invoiced = facts
    reasons: list[tuple[Any, Any]] = [
        (pieces[one].written or "", pieces[other].written or "")
        if pieces[one].written and pieces[other].written
        else ("", ""),
        (_dates(pieces[one]), _dates(pieces[other])) if _dates(pieces[one]) and _dates(pieces[other]) else ("", ""),
        (last, other_last),
        (lines, other_lines) if shared in {lines, other_lines} else (0, 0),
        (invoiced, other_invoiced),
        (bool(pieces[one].written), bool(pieces[other].written)),
    ]
    for here, there in reasons:
        if here != there:
            return (one, other) if here < there else (other, one)
    raise BrokenDelivery(
        f"{where}: {pieces[one].name} and {pieces[other].name} hold the same charges ({shared} equal lines), and "
        "neither their names nor their days nor a manifest tell which is newer; remove one of them, "
        "or put its date in its name"
    )


def _dates(piece: Piece) -> tuple[str, ...]:
    """Return the dates in a piece's name, the last first."""
    return tuple(sorted(("".join(parts) for parts in _DATE.findall(piece.name)), reverse=True))


def _range(days: set[date] | None) -> tuple[date, date] | None:
    return (min(days), max(days)) if days else None
