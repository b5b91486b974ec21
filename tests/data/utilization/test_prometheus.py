"""Load from a real Prometheus: a year of hourly samples, and what is stored against arithmetic done here."""

import socket
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
import pytest

from data.errors import InputError
from data.utilization.part import LoadReading
from data.utilization.prometheus.prometheus import Prometheus
from data.utilization.prometheus.samples import BEGAN_ELSEWHERE, OVER_A_GAP
from data.window import Window

END = datetime(2026, 11, 20)
DAYS = 365
HOURS = DAYS * 24
START = END - timedelta(days=DAYS)
BORN, DIES, RESETS, GAP = 4000, 6000, (1000, 1003, 5000), range(7000, 7005)


def unix(hour: int) -> int:
    return int((START + timedelta(hours=hour)).replace(tzinfo=UTC).timestamp())


def rises(seed: int) -> np.ndarray:
    """What a counter rose by in the hour that begins at each index."""
    return np.random.default_rng(seed).poisson(500, HOURS).astype(float)


def counter(rise: np.ndarray, first: int = 0, last: int = HOURS, resets: tuple[int, ...] = (), base: float = 0) -> dict:
    """The counter as it is scraped at the start of each hour from `first`: born at 0 before its first scrape."""
    value, scraped = base, {}
    for hour in range(first, last + 1):
        if hour > 0:
            value = (0 if hour in resets else value) + rise[hour - 1]
        scraped[hour] = value
    return scraped


SERIES = {
    ("checkout", "a"): counter(rises(1), resets=RESETS, base=1e6),
    ("checkout", "b"): counter(rises(2), first=BORN),
    ("search", "a"): {h: v for h, v in counter(rises(3), base=5e5).items() if h not in GAP},
    ("old", "a"): counter(rises(4), last=DIES),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that holds the series above and nothing else."""
    root = tmp_path_factory.mktemp("prometheus")
    lines = ["# TYPE http_requests counter"]
    for (service, pod), scraped in SERIES.items():
        lines += [f'http_requests_total{{service="{service}",pod="{pod}"}} {v} {unix(h)}' for h, v in scraped.items()]
    lines.append("# TYPE orders counter")
    pair = counter(rises(5), first=HOURS - 100)
    for replica in (1, 2):  # scrape the same; each was away for some hours
        seen = {h: v for h, v in pair.items() if h % 20 != replica}
        lines += [
            f'orders_total{{service="shop",prometheus_replica="{replica}"}} {v} {unix(h)}' for h, v in seen.items()
        ]
    lines.append("# TYPE cpu gauge")
    lines += [f'cpu{{service="checkout"}} {0.001 * (h % 500)} {unix(h)}' for h in range(HOURS)]
    lines += [f'cpu{{service="odd"}} NaN {unix(h)}' for h in range(3)] + [f'cpu{{team="x"}} 1 {unix(5)}']
    lines += ["# TYPE quota gauge", f'quota{{service="checkout"}} 0.9 {unix(HOURS - 1)}', "# EOF", ""]
    (root / "load.txt").write_text("\n".join(lines))
    backfill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "-q", "--max-block-duration=8760h"]
    subprocess.run([*backfill, root / "load.txt", root / "data"], check=True, capture_output=True)
    (root / "prometheus.yml").write_text("global: {}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            "prometheus",
            f"--config.file={root}/prometheus.yml",
            f"--storage.tsdb.path={root}/data",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen) -> None:
    for _ in range(300):
        try:
            if process.poll() is None and httpx.get(f"{url}/-/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("prometheus does not start")


def source(url: str, **more) -> Prometheus:
    metrics = {"requests": {"promql": "http_requests_total", "shape": "counter"}, "cpu": {"promql": "cpu"}}
    limits = {"cpu": {"promql": "quota"}}
    settings = {"name": "prom", "url": url, "step_s": 3600, "chunk_days": 60, "metrics": metrics, "limits": limits}
    return Prometheus.model_validate({"kind": "prometheus", **settings, **more})


def expected_requests() -> dict[tuple[str, datetime], float]:
    """Each hour's rise, told apart from how the source computes it: what we made, less what nobody can know."""
    found: dict[tuple[str, datetime], float] = defaultdict(float)
    spans = {
        ("checkout", "a"): (1, 0, HOURS),
        ("checkout", "b"): (2, BORN - 1, HOURS),  # the first sample of a series that is born counts
        ("search", "a"): (3, 0, HOURS),
        ("old", "a"): (4, 0, DIES),
    }
    for (service, pod), (seed, first, last) in spans.items():
        rise = rises(seed)
        for hour in range(first, last):
            across_the_gap = pod == "a" and service == "search" and hour in range(GAP.start - 1, GAP.stop)
            if not across_the_gap:
                found[service, START + timedelta(hours=hour)] += rise[hour]
    return found


def test_a_year_of_counters_is_what_they_rose_by(con, night, server):
    told = []
    night(source(server), END.isoformat(), told)
    stored = con.execute(
        "select service, hour_utc, value_sum from utilization_hour where metric = 'requests'"
    ).fetchall()
    assert {(service, hour): total for service, hour, total in stored} == pytest.approx(expected_requests())
    assert len([keys for _, keys in told if keys["part"].startswith("requests")]) == 7
    odd = con.execute("select reason, rows from input_issue where file = 'requests' order by all").fetchall()
    assert odd == [(BEGAN_ELSEWHERE, 2), (OVER_A_GAP, 1)]  # two were there when the server's memory begins


def test_gauges_are_as_they_were_and_what_is_not_a_number_is_rejected(con, night, issues, server):
    night(source(server), END.isoformat())
    stored = con.execute(
        "select hour_utc, value_max from utilization_hour where metric = 'cpu' order by all"
    ).fetchall()
    assert stored == [(START + timedelta(hours=h), pytest.approx(0.001 * (h % 500))) for h in range(HOURS)]
    assert [row for row in issues() if row[0] == "cpu"] == [
        ("cpu", "rejected", "no service", 1),
        ("cpu", "rejected", "value is NaN", 3),
    ]


def test_a_pair_of_servers_that_scrape_the_same_is_counted_once(con, night, server):
    orders = {"requests": {"promql": "orders_total", "shape": "counter"}}
    night(source(server, metrics=orders, limits={}, history_days=3), END.isoformat())
    ((total, hours_found),) = con.execute("select sum(value_sum), count(*) from utilization_hour").fetchall()
    assert (total, hours_found) == (rises(5)[-72:].sum(), 72)


def test_limits_come_from_a_query_once(con, night, server):
    for _ in range(2):
        night(source(server), END.isoformat())
    rows = con.execute("select service, metric, valid_from, limit_value, source from capacity_limit").fetchall()
    assert rows == [("checkout", "cpu", END.date(), 0.9, "prom")]


def test_the_next_night_asks_for_the_last_days_only_and_changes_nothing_that_is_known(night, hours, server):
    night(source(server), (END - timedelta(days=1)).isoformat())
    before = hours()
    told = []
    second = night(source(server), END.isoformat(), told)
    assert [keys["part"] for _, keys in told] == [
        "requests 2026-11-16 to 2026-11-20",
        "cpu 2026-11-16 to 2026-11-20",
        "limits",
    ]
    assert second.calls == 3
    assert set(before) < set(hours())


def test_a_read_that_was_killed_goes_on_where_it_stopped(con, night, hours, server):
    class Killed(Exception):  # noqa: N818
        pass

    class Stops(list):
        def append(self, item):
            super().append(item)
            if len(self) == 4:
                raise Killed

    with pytest.raises(Killed):
        night(source(server, limits={}), END.isoformat(), Stops())
    told = []
    night(source(server, limits={}), END.isoformat(), told)
    assert told[0][1]["part"].startswith("requests 2026-06-1")
    killed = hours()
    con.execute("delete from utilization_hour")
    con.execute("delete from utilization_watermark")
    night(source(server, limits={}), END.isoformat())
    assert killed == hours()


def test_a_changed_query_is_asked_for_the_whole_history_again(con, night, server):
    night(source(server, metrics={"cpu": {"promql": "cpu"}}), END.isoformat())
    told = []
    night(source(server, metrics={"cpu": {"promql": "cpu * 2"}}), END.isoformat(), told)
    assert len(told) == 8
    assert con.execute("select max(value_max) from utilization_hour").fetchall() == [(pytest.approx(0.998),)]


def test_a_rate_is_counted_by_the_step(con, night, server):
    rate = {"requests": {"promql": "sum by (service) (rate(http_requests_total[2h]))", "shape": "rate"}}
    night(source(server, metrics=rate, limits={}, history_days=2), END.isoformat())
    ((hours_found, total),) = con.execute(
        "select count(*), sum(value_sum) from utilization_hour where service = 'search'"
    ).fetchall()
    assert hours_found == 48
    assert total == pytest.approx(rises(3)[-48:].sum(), rel=0.03)


def test_a_range_stays_under_the_limit_of_points_a_series(night, server):
    metrics = {"cpu": {"promql": "cpu"}}
    night(source(server, step_s=15, chunk_days=366, history_days=3, metrics=metrics, limits={}), END.isoformat())


def test_a_query_that_is_wrong_and_a_server_that_is_away_say_what_to_do(night, server, monkeypatch):
    monkeypatch.setattr("data.utilization.prometheus.api.ATTEMPTS", 2)
    with pytest.raises(InputError, match=r"HTTP 400: .*parse error.*correct the query"):
        night(source(server, metrics={"cpu": {"promql": "cpu{"}}), END.isoformat())
    with pytest.raises(InputError, match="is the server up"):
        night(source("http://127.0.0.1:9"), END.isoformat())
    with pytest.raises(InputError, match=r"check `url`|HTTP 404"):
        night(source(f"{server}/graph"), END.isoformat())


def test_the_probe_says_how_many_series_each_query_has(server, tmp_path):
    found = source(server).probe(LoadReading(Window.ending(END.date(), 1), tmp_path))
    assert found.endswith("requests 3 series, cpu 1 series, limit of cpu 1 series")


def test_what_was_read_before_a_query_failed_is_kept(con, night, server):
    metrics = {"cpu": {"promql": "cpu"}, "memory": {"promql": "memory{"}}
    with pytest.raises(InputError, match="parse error"):
        night(source(server, metrics=metrics, history_days=2, limits={}), END.isoformat())
    assert con.execute("select metric, count(*) from utilization_hour group by all").fetchall() == [("cpu", 48)]
    assert con.execute("select metric from utilization_watermark").fetchall() == [("cpu",)]
