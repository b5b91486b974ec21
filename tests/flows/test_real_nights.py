"""Nights on public data as published: no truth to compare with, so what must hold of any night."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.flows.conftest import plimsoll

pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("real")]
CONFIGS = Path(__file__).resolve().parents[1] / "real"
FILES = {"nab": 17, "ms_cloud": 31}


@pytest.fixture(scope="module", params=["nab", "ms_cloud"])
def load(request, shared, tmp_path_factory) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    with published(request.param, shared, tmp_path_factory.mktemp(request.param)) as con:
        yield request.param, con


def published(name: str, shared: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """Run the night of a configuration as it stands, but for where it writes; return what it published."""
    text = (CONFIGS / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace("../../.run", str(folder)).replace("../../../shared", str(shared))
    (folder / "plimsoll.toml").write_text(text, encoding="utf-8")
    done = plimsoll("night", "--config", folder / "plimsoll.toml")
    assert done.returncode == 0, done.stderr
    return duckdb.connect(str(folder / name / "published/snapshot.duckdb"), read_only=True)


def test_every_file_is_loaded_and_no_row_is_lost_silently(load, shared):
    name, con = load
    services = con.execute("select count(distinct service) from utilization_hour").fetchall()
    assert services == [(FILES[name],)]
    (read, rejected, repeated) = con.execute(
        "select sum(rows_read), sum(rows_rejected), sum(rows_duplicate) from source_state"
    ).fetchall()[0]
    (samples,) = con.execute("select sum(samples) from utilization_hour").fetchall()[0]
    assert samples == read - rejected - repeated
    folder = shared / "real" / {"nab": "nab_cloudwatch"}.get(name, name)
    lines = sum(
        sum(1 for line in file.read_text(encoding="utf-8").splitlines() if line.strip()) - 1
        for file in folder.glob("*.csv")
    )
    assert read == lines


def test_every_series_is_forecast_48_hours_ahead_finite_and_ordered(load):
    name, con = load
    made = con.execute(
        "select service, count(*), bool_and(isfinite(mean)), "
        "bool_and(lo95 <= lo80 and lo80 <= mean and mean <= hi80 and hi80 <= hi95), bool_and(lo95 >= 0) "
        "from current_forecast where grain = 'h' group by all"
    ).fetchall()
    assert len(made) == FILES[name]
    for service, steps, is_finite, is_ordered, is_positive in made:
        assert (steps, is_finite, is_ordered, is_positive) == (48, True, True, True), service


def test_the_official_focus_sample_loads_and_its_faults_are_said(shared, tmp_path):
    with published("focus", shared, tmp_path) as con:
        totals = con.execute(
            "select round(sum(billed_cost), 2), round(sum(effective_cost), 2) from cost_day"
        ).fetchall()
        providers = con.execute("select distinct provider from cost_day order by all").fetchall()
        warnings = con.execute("select reason, rows from input_issue where severity = 'warning'").fetchall()
        rejected = con.execute("select count(*) from input_issue where severity = 'rejected'").fetchall()
    assert totals == [(Decimal("20.52"), Decimal("14.98"))]
    assert providers == [("AWS",), ("Microsoft",), ("Oracle",)]
    reasons = " | ".join(reason for reason, _ in warnings)
    assert "literal NULL" in reasons
    assert "Usage-based, want Usage-Based" in reasons
    assert "column 'Id' is not of FOCUS" in reasons
    assert rejected == [(0,)]
