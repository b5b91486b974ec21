"""However one series is written, the hours that are stored of it are the same."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.utilization.store import load_utilization
from data.window import Window
from tests.warehouses import new_warehouse

START = datetime(2026, 10, 1)
KNOWN = Window(datetime(1970, 1, 1), datetime(2026, 11, 20))
Series = list[tuple[datetime, int]]  # a value in thousandths

series = st.lists(
    st.tuples(
        st.integers(0, 60 * 24 * 20).map(lambda minutes: START + timedelta(minutes=minutes)),
        st.integers(0, 10**10),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda sample: sample[0],
)


def plain(value: int) -> str:
    return f"{value // 1000}.{value % 1000:03}"


def grouped(value: int, thousands: str, decimal: str) -> str:
    return f"{value // 1000:,}".replace(",", thousands) + f"{decimal}{value % 1000:03}"


def javascript(stamp: datetime) -> str:
    local = stamp.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=5, minutes=30)))
    return local.strftime("%a %b %d %Y %H:%M:%S GMT%z (India Standard Time)")


def table(  # noqa: PLR0917 - how a row is written
    samples: Series, stamp: Callable, value: Callable, header: str, sign: str = ",", row: str = "{s}{d}{v}"
) -> str:
    return header + "".join(row.format(s=stamp(at), d=sign, v=value(one)) + "\n" for at, one in samples)


WIDE = {"series_pattern": r"^(?P<service>\w+) (?P<metric>\w+)$", "columns": {"timestamp": "Time"}}
US, EU = "%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M"
WRITERS: dict[str, tuple[Callable[[Series], str], dict]] = {
    "iso with an offset": (
        lambda samples: table(
            samples,
            lambda at: (at - timedelta(hours=3)).isoformat() + "-03:00",
            plain,
            "service,metric,timestamp,value\n",
            row="web,cpu,{s}{d}{v}",
        ),
        {},
    ),
    "epoch ms, tabs, columns in another order": (
        lambda samples: table(
            samples, lambda at: int(at.replace(tzinfo=UTC).timestamp() * 1000), plain, "metric\tservice\tt\tv\n", "\t",
            "cpu\tweb\t{s}{d}{v}",
        ),
        {"columns": {"timestamp": "t", "value": "v"}},
    ),
    "a column a series, label rows": (
        lambda samples: table(samples, str, plain, "sep=,\nTime,web cpu\nAccount,1111\n"),
        WIDE,
    ),
    "javascript dates": (lambda samples: table(samples, javascript, plain, "Time,web cpu\n"), WIDE),
    "american times and thousands": (
        lambda samples: table(
            samples, lambda at: at.strftime(US), lambda one: grouped(one, ",", "."), "Chart:,x\n\nTime,web cpu\n",
            row='{s}{d}"{v}"',
        ),
        WIDE | {"time_format": US, "number_format": "1,234.5"},
    ),
    "german times and decimals": (
        lambda samples: table(
            samples, lambda at: at.strftime(EU), lambda one: grouped(one, ".", ","), "Time;web cpu\n", ";"
        ),
        WIDE | {"time_format": EU, "number_format": "1.234,5"},
    ),
    "french decimals and a unit, in a zone": (
        lambda samples: table(
            samples,
            lambda at: at + timedelta(hours=9),
            lambda one: grouped(one, "\u202f", ",") + "\u00a0%",
            "Time;web cpu\n",
            ";",
        ),
        WIDE | {"number_format": "1 234,5", "timezone": "Asia/Tokyo"},
    ),
}  # fmt: skip


def stored(name: str, text: str | None, said: dict, samples: Series) -> list[tuple]:
    with tempfile.TemporaryDirectory() as folder, new_warehouse(Path(folder, "warehouse.duckdb")) as con:
        path = Path(folder) / name
        if text is None:
            write_parquet(path, samples)
        else:
            path.write_text(text, encoding="utf-8")
        source = Files(kind="files", name="metrics", path=path, **said)
        found = load_utilization(con, source, LoadReading(KNOWN, Path(folder)), lambda _event, _keys: None)
        assert (found.rows_read, found.rows_rejected) == (len(samples), 0)
        return con.execute("from utilization_hour order by all").fetchall()


def write_parquet(path: Path, samples: Series) -> None:
    with duckdb.connect() as con:
        con.execute('create table t (Time timestamp, "web cpu" double)')
        con.executemany("insert into t values (?, ?)", [(at, float(plain(one))) for at, one in samples])
        con.execute(f"copy t to '{path}'")


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(series)
@example([(START, 100_126), (START + timedelta(hours=1), 1_234_567_890), (START + timedelta(hours=1, minutes=5), 0)])
def test_one_series_in_any_layout_gives_the_same_hours(samples):
    expected = stored("a.parquet", None, WIDE, samples)
    for name, (write, said) in WRITERS.items():
        assert stored("a.csv", write(samples), said, samples) == expected, name
