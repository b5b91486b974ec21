"""Plain files that hold but a part of a month that is stored: a window that moved on, files that were cleared away."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from data.billing.focus import Focus
from data.errors import InputError
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import load, totals

FIRST = date(2026, 10, 1)


def focus(uri: Path) -> Focus:
    return Focus(kind="focus", name="bill", uri=str(uri))


def used(day: date, cost: object = 1, hour: int = 0) -> dict[str, object]:
    return line(
        str(cost),
        BillingPeriodStart=f"{day:%Y-%m}-01",
        ChargePeriodStart=f"{day}T{hour:02d}:00:00Z",
        ChargePeriodEnd=f"{day}T{hour:02d}:59:59Z",
    )


def each(first: date, last: date) -> Iterable[dict[str, object]]:
    return [used(first + timedelta(days=number)) for number in range((last - first).days + 1)]


def billed(con: duckdb.DuckDBPyConnection) -> list[object]:
    return [row[4] for row in totals(con)]


def rejected(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [text for (text,) in con.execute("select reason from input_issue where severity = 'rejected'").fetchall()]


def test_a_window_that_moved_on_leaves_the_month_that_is_stored(con, tmp_path) -> None:
    file = tmp_path / "last-30-days.csv"
    write_lines(file, list(each(FIRST, date(2026, 10, 31))))
    load(con, focus(file))
    write_lines(file, list(each(date(2026, 10, 12), date(2026, 11, 10))))
    loaded = load(con, focus(file), day=1)
    assert (loaded.periods, loaded.lines) == (1, 10)
    assert billed(con) == [31, 10]
    (reason,) = rejected(con)
    assert (
        "2026-10-01 is a part of what is stored of it, which stays: use begins on 2026-10-12 here and on 2026-10-01"
        in reason
    )
    write_lines(file, list(each(FIRST, date(2026, 11, 11))))
    load(con, focus(file), day=2)
    assert billed(con) == [31, 11]
    assert rejected(con) == []


def test_a_week_in_place_of_the_week_before_is_refused(con, tmp_path) -> None:
    file = tmp_path / "latest.csv"
    write_lines(file, list(each(FIRST, date(2026, 10, 7))))
    load(con, focus(file))
    write_lines(file, list(each(date(2026, 10, 8), date(2026, 10, 14))))
    with pytest.raises(
        InputError, match="is a part of what is stored of it, which stays: use begins on 2026-10-08 here"
    ):
        load(con, focus(file), day=1)
    assert billed(con) == [7]
    assert len(rejected(con)) == 1


def test_a_late_line_is_not_the_month_whose_files_were_cleared_away(con, tmp_path) -> None:
    october = write_lines(tmp_path / "october.csv", list(each(FIRST, date(2026, 10, 31))))
    load(con, focus(tmp_path))
    october.unlink()
    write_lines(tmp_path / "november.csv", [used(date(2026, 11, 2), 5), used(FIRST, "0.5", hour=1)])
    load(con, focus(tmp_path), day=1)
    assert billed(con) == [31, 5]
    assert "it has 1 lines here and 31 there" in rejected(con)[0]


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([used(FIRST, 24)], 24),  # by the day, in place of the hour
        ([used(FIRST, "0.1", hour) for hour in range(24)], "2.4"),  # a lower price
        ([used(FIRST, 1, hour) for hour in range(5)], 5),  # an account less
    ],
)
def test_a_month_that_is_restated_is_what_is_delivered_last(con, tmp_path, lines, total) -> None:
    file = tmp_path / "october.csv"
    write_lines(file, [used(FIRST, 1, hour) for hour in range(24)])
    load(con, focus(file))
    write_lines(file, lines)
    load(con, focus(file), day=1)
    assert [str(row[4]).rstrip("0").rstrip(".") for row in totals(con)] == [str(total)]
    assert rejected(con) == []
