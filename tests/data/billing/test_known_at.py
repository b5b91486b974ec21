"""Bills as they were known on a night that is over: what a back-fill reads."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.deliveries import BillReading
from data.billing.focus import Focus
from data.billing.read.owners import Owners
from data.billing.store import load_bills
from tests.data.billing.export import line, write_execution, write_lines

OCTOBER = date(2026, 10, 1)
EXECUTIONS = {  # delivered at: what October cost so far
    "2026-10-10T04:00:00Z-1": 10,
    "2026-10-20T04:00:00Z-2": 20,
    "2026-11-06T04:00:00Z-3": 33,
}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for execution, cost in EXECUTIONS.items():
        write_execution(tmp_path / "focus", OCTOBER, execution, [line(cost)])
    return tmp_path / "focus"


def read(con: duckdb.DuckDBPyConnection, uri: Path, known_at: date | None) -> Decimal:
    """Read the source as a night of a back-fill does, or as of now; return what October costs then."""
    moment = datetime.combine(known_at, datetime.min.time()) if known_at else None
    source = Focus(kind="focus", name="aws", uri=str(uri))
    as_of = known_at or date(2026, 11, 20)
    load_bills(
        con,
        source,
        Owners(("service",)),
        datetime(2026, 11, 20),
        BillReading(Path("/none"), as_of, None, known_at=moment),
    )
    ((cost,),) = con.execute("select sum(effective_cost) from charge_day").fetchall()
    return Decimal(cost)


def notes(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute("select file, reason from input_issue where file like 'back-fill%' order by all").fetchall()


def test_a_night_that_is_over_sees_the_newest_delivery_from_before_it(con, export):
    assert read(con, export, date(2026, 10, 11)) == 10
    assert read(con, export, date(2026, 10, 20)) == 10, "what came on the day itself was not known when it began"
    assert read(con, export, date(2026, 10, 25)) == 20
    assert read(con, export, None) == 33, "the last night has the bill as it is"
    assert notes(con) == []


def test_the_same_night_again_sees_the_same(con, export):
    read(con, export, None)
    assert [read(con, export, date(2026, 10, 25)) for _ in range(2)] == [20, 20]


def test_where_no_delivery_from_before_is_left_the_one_there_is_used_and_a_row_says_so(con, export):
    for execution in list(EXECUTIONS)[:2]:
        for file in (export / "data").rglob(f"{execution}/*"):
            file.unlink()
    assert read(con, export, date(2026, 10, 25)) == 33
    ((file, reason),) = notes(con)
    assert file == "back-fill of 2026-10-25"
    assert reason.startswith("not as known on 2026-10-25: 2026-10-01: no delivery from before then lies there")


def test_files_that_do_not_say_when_they_were_delivered_are_named(con, tmp_path):
    write_lines(tmp_path / "bills" / "october.parquet", [line(5)])
    assert read(con, tmp_path / "bills", date(2026, 10, 25)) == 5
    ((_, reason),) = notes(con)
    assert "october.parquet" in reason


def test_a_month_that_had_not_begun_is_no_fault(con, export):
    assert read(con, export, date(2026, 9, 20)) == 33, "its charges are after the night, which leaves them out"
    assert notes(con) == []
