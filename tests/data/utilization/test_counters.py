"""Counters and rates in files: what they counted in each hour; and a counter that nobody declared is not believed."""

import csv
import gzip
import math
from datetime import date, timedelta
from itertools import pairwise

import pytest

from data.errors import BrokenDelivery
from data.utilization.declared import add_counted_metrics, store_shapes
from data.utilization.files.files import Files
from data.utilization.flags import flag_load
from tests.data.utilization.conftest import START

HEADER = "service,metric,timestamp,value\n"
MOVES = [100 + 50 * math.sin(h / 4) for h in range(28 * 24)]


@pytest.fixture
def load(night, hours, tmp_path):
    """Return a function that loads files {name: rows}, and gives the sums of the hours in order, and the source."""

    def load(files: dict[str, list[str]], header: str = HEADER, **more):
        for name, rows in files.items():
            (tmp_path / "load").mkdir(exist_ok=True)
            (tmp_path / "load" / name).write_text(header + "".join(f"{row}\n" for row in rows))
        as_of = more.pop("as_of", "2026-11-20")
        source = Files(kind="files", name="metrics", path=tmp_path / "load", **({"shape": "counter"} | more))
        night(source, as_of)
        return {f"{hour:%d %H}": total for _, _, hour, *_, total, _ in hours()}

    return load


def row(stamp: str, value: float, service: str = "web") -> str:
    return f"{service},requests,2026-11-{stamp}Z,{value}"


def test_a_counter_is_what_it_rose_by_and_a_reset_begins_at_zero(load, issues):
    rows = [row("01T00:00", 100), row("01T00:30", 130), row("01T01:00", 150), row("01T01:30", 20), row("01T02:00", 25)]
    assert load({"a.csv": rows}) == {"01 00": 50, "01 01": 25}
    assert issues() == []


def test_a_rise_over_the_end_of_an_hour_is_of_both(load):
    assert load({"a.csv": [row("01T00:45", 0), row("01T01:15", 30), row("01T02:00", 75)]}) == {"01 00": 15, "01 01": 60}


def test_a_rise_over_a_gap_is_told_and_not_counted(load, issues):
    rows = [row(f"01T{h:02}:00", h * 10) for h in (0, 1, 2, 3, 9, 10)]
    assert load({"a.csv": rows}) == {"01 00": 10, "01 01": 10, "01 02": 10, "01 09": 10}
    assert issues() == [("a.csv", "warning", "a counter rose over a gap: not counted", 1)]


@pytest.mark.parametrize("cut", [1, 7, 24])
def test_however_a_counter_is_cut_into_files_and_nights_it_is_the_same(load, con, cut):
    rows = [row(f"{1 + h // 24:02}T{h % 24:02}:00", (h % 17) * 5) for h in range(60)]
    whole = load({"a.csv": rows})
    con.execute("delete from utilization_hour")
    con.execute("delete from utilization_file")
    load({"a.csv": rows[:cut]})
    assert load({"a.csv": rows[:cut], "b.csv": rows[cut:]}) == whole


def test_the_last_hour_of_a_night_is_whole_where_its_end_was_read(load):
    rows = [row("01T22:00", 0), row("01T23:00", 10), row("02T00:00", 30), row("02T01:00", 60)]
    assert load({"a.csv": rows}, as_of="2026-11-02") == {"01 22": 10, "01 23": 20}
    assert load({"a.csv": rows}, as_of="2026-11-03") == {"01 22": 10, "01 23": 20, "02 00": 30}


def test_counters_that_only_a_column_tells_apart_are_added_and_without_it_refused(load):
    header = "service,metric,pod,timestamp,value\n"
    rows = [f"web,requests,{pod},2026-11-01T0{h}:00Z,{h * n}" for h in range(4) for pod, n in (("a", 10), ("b", 7))]
    assert load({"a.csv": rows}, header, columns={"series": "pod"}) == {"01 00": 17, "01 01": 17, "01 02": 17}
    with pytest.raises(BrokenDelivery, match=r"^several counters at one time: say columns\.series: "):
        load({"a.csv": rows}, header)


def test_only_the_metric_that_is_declared_is_a_counter(load, con):
    rows = [row("01T00:00", 5), row("01T01:00", 9), row("01T00:00", 0.5).replace("requests", "cpu")]
    load({"a.csv": rows}, shape={"requests": "counter"})
    found = con.execute("select metric, value_sum from utilization_hour order by all").fetchall()
    assert found == [("cpu", 0.5), ("requests", 4)]


@pytest.mark.parametrize(
    ("step_min", "missing", "counts"),
    [(5, (), (7200, 7200)), (1, (), (7200, 7200)), (60, (), (7200, 7200)), (10, (3,), (6000, 7200))],
)
def test_a_rate_is_a_count_by_its_step_and_a_missing_sample_is_not_made_up(load, step_min, missing, counts):
    minutes = [minute for n, minute in enumerate(range(0, 120, step_min)) if n not in missing]
    rows = [row(f"01T{minute // 60:02}:{minute % 60:02}", 2) for minute in minutes]
    assert load({"a.csv": rows}, shape="rate") == {"01 00": counts[0], "01 01": counts[1]}


def test_a_rate_of_one_sample_says_what_to_write(load, issues):
    rows = [row("01T00:00", 2), row("01T00:00", 2, "api"), row("01T00:10", 2, "api")]
    assert load({"a.csv": rows}, shape="rate") == {"01 00": 2400}
    assert issues() == [("a.csv", "rejected", "a rate of one sample: say step_s", 1)]
    assert sum(load({"a.csv": rows}, shape="rate", step_s=60).values()) > 0


def test_metrics_of_a_source_of_counters_are_counted(load, con, tmp_path):
    load({"a.csv": [row("01T00:00", 5), row("01T01:00", 9)]})
    source = Files(kind="files", name="metrics", path=tmp_path, shape="counter")
    store_shapes(con, [source])
    add_counted_metrics(con)
    add_counted_metrics(con)
    assert con.execute("from metric").fetchall() == [("requests", "count")]


def grown(resets: tuple[int, ...] = (), start: float = 0) -> dict[int, float]:
    value, found = start, {}
    for h, rise in enumerate(MOVES):
        value = rise / 2 if h in resets else value + rise
        found[h] = value
    return found


AS_OF = START.date() + timedelta(days=28)


def flags(con, as_of: date = AS_OF) -> list[tuple]:
    flag_load(con, as_of)
    return con.execute("select service, flag, from_utc, to_utc, evidence from utilization_flag order by all").fetchall()


def test_a_counter_that_nobody_declared_is_flagged_and_not_believed(con, series):
    series("web", grown((100, 300, 500)))
    assert flags(con) == [("web", "raw counter", START, None, 3)]
    assert con.execute("select count(*), count(flag) from utilization_judged").fetchall() == [(672, 672)]
    assert con.execute("select count(*) from actual").fetchall() == [(0,)]


def test_once_it_is_declared_a_counter_or_a_size_it_is_believed(con, series, tmp_path):
    series("web", grown((100, 300, 500)))
    store_shapes(con, [Files(kind="files", name="metrics", path=tmp_path, shape={"cpu": "gauge"})])
    assert flags(con) == []
    store_shapes(con, [Files(kind="files", name="metrics", path=tmp_path)])
    assert len(flags(con)) == 1


def test_a_counter_without_a_reset_is_known_by_what_it_counts_or_by_its_name(con, series):
    con.execute("insert into metric values ('requests', 'count')")
    series("counted", grown(), metric="requests")
    series("named", grown(), metric="http_requests_total")
    series("a size that grows", grown(start=5000), metric="disk_used")
    assert [service for service, *_ in flags(con)] == ["counted", "named"]


def test_what_rises_and_falls_by_nature_is_no_counter(con, series):
    con.execute("insert into metric values ('requests', 'count')")
    for nature, values in {
        "traffic of days": dict(enumerate(MOVES)),
        "a disk that is cleaned to a half": {h: 1000 + (h % 168) * 10 for h in range(672)},
        "memory that leaks until a restart": {h: 500 + (h % 100) * 5 for h in range(672)},
        "traffic that grows": {h: value * (1 + h / 50) for h, value in enumerate(MOVES)},
        "a number that stands": dict.fromkeys(range(672), 7),
        "replicas that were raised": {h: 3 + h // 200 for h in range(672)},
        "two days old": {h: h * 100 for h in range(40)},
    }.items():
        series(nature, values, metric="requests" if "traffic" in nature else "cpu")
    assert flags(con) == []


@pytest.mark.shared
def test_a_real_counter_loaded_as_it_is_is_flagged_and_declared_it_is_its_rises(con, night, hours, shared):
    with gzip.open(shared / "cases/load/raw_counter/in.csv.gz", "rt") as text:
        readings = [float(cells["value"]) for cells in csv.DictReader(text)]
    path = shared / "cases/load/raw_counter/in.csv.gz"
    night(Files(kind="files", name="metrics", path=path))
    ((newest,),) = con.execute("select max(hour_utc)::date + 1 from utilization_hour").fetchall()
    assert [flag for _, flag, *_ in flags(con, newest)] == ["raw counter"]
    con.execute("delete from utilization_hour")
    night(Files(kind="files", name="metrics", path=path, shape="counter"))
    rises = [after if after < before else after - before for before, after in pairwise(readings)]
    assert [total for *_, total, _ in hours()] == pytest.approx(rises)
