"""Readers while nights are published: each sees whole releases, one after the other, and never waits."""

import threading
import time

import duckdb
import pytest

from data.snapshot import KEPT_RELEASES, new_release, write_parquet, write_snapshot
from tests.warehouses import new_warehouse

READERS, PUBLISHES = 20, 10


@pytest.fixture
def warehouse(tmp_path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        yield con


def publish(con, folder, night):
    con.execute("delete from metric")
    con.execute(
        "insert into metric select $night || ' ' || i, 'gauge' from range(2000) r(i)", {"night": f"n{night:02}"}
    )
    with new_release(folder, f"2026-11-{night + 1:02}") as release:
        write_snapshot(con, release / "snapshot.duckdb")
        write_parquet(con, release / "parquet")
        (release / "site").mkdir()
        (release / "site/index.html").touch()


def test_twenty_readers_see_every_one_of_ten_publishes_whole(warehouse, tmp_path):
    folder, stop = tmp_path / "published", threading.Event()
    publish(warehouse, folder, 0)
    seen: list[set[str]] = [set() for _ in range(READERS)]
    faults: list[str] = []

    def read(place):
        while not stop.is_set():
            try:
                with duckdb.connect(str((folder / "snapshot.duckdb").resolve()), read_only=True) as con:
                    rows = con.execute("select distinct left(metric, 3), count(*) over () from metric").fetchall()
                    counted = con.execute("select count(*) from metric").fetchall()[0][0]
                if len(rows) != 1 or counted != 2000:
                    faults.append(f"reader {place} saw {rows[:3]}, {counted} rows")
                seen[place].add(rows[0][0])
            except (duckdb.Error, OSError) as error:
                faults.append(f"reader {place}: {error}")
            time.sleep(0.02)  # twenty hot loops would leave nothing for the publisher

    readers = [threading.Thread(target=read, args=(place,)) for place in range(READERS)]
    for reader in readers:
        reader.start()
    for night in range(1, PUBLISHES):
        publish(warehouse, folder, night)
        deadline = time.monotonic() + 60
        while not all(f"n{night:02}" in names for names in seen):
            assert not faults, faults[:3]
            assert time.monotonic() < deadline, f"night {night} was not seen by all"
            time.sleep(0.01)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(list((folder / "releases").iterdir())) == KEPT_RELEASES
