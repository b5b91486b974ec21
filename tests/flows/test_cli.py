"""The commands that other tools call: what they print, where they write, how they exit."""

import csv
import io
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.flows.conftest import plimsoll

pytestmark = pytest.mark.xdist_group("night")
COLUMNS = ["service", "metric", "grain", "target_time", "mean", "lo80", "hi80", "lo95", "hi95", "model"]


def panel(hours: int = 24 * 42) -> pd.DataFrame:
    stamps = pd.date_range("2026-01-05", periods=hours, freq="h")
    rng = np.random.default_rng(3)
    shape = 100 + 40 * np.sin(2 * np.pi * np.arange(hours) / 24)
    return pd.concat(
        pd.DataFrame(
            {"service": name, "metric": "requests", "timestamp": stamps, "value": k * shape + rng.normal(0, 3, hours)}
        )
        for k, name in enumerate(("a", "b"), start=1)
    )


def test_demo_says_where_the_pages_and_the_tables_are(demo_night):
    published = demo_night.parent / ".run/published"
    assert (published / "site/index.html").is_file()
    assert (published / "snapshot.duckdb").is_file()
    assert (published / "parquet/cost_day.parquet").is_file()


def test_sql_prints_a_table_csv_and_json_of_the_same_answer(demo_night):
    question = "select service, p50_date, headroom_ratio from current_headroom order by service;"
    answers = {
        layout: plimsoll("sql", "--config", demo_night, question, "--format", layout)
        for layout in ("table", "csv", "json")
    }
    assert all(done.returncode == 0 for done in answers.values())
    from_json = json.loads(answers["json"].stdout)
    from_csv = list(csv.DictReader(io.StringIO(answers["csv"].stdout)))
    assert len(from_json) == 8
    assert [row["service"] for row in from_csv] == [row["service"] for row in from_json]
    assert [row["p50_date"] for row in from_csv] == [row["p50_date"] or "" for row in from_json]
    assert "checkout" in answers["table"].stdout


def test_sql_gives_money_to_the_last_digit(demo_night):
    question = "select sum(billed_cost) as billed from cost_day where currency = 'USD'"
    done = plimsoll("sql", "--config", demo_night, question, "--format", "csv")
    with duckdb.connect(str(demo_night.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        assert done.stdout.split()[1] == str(con.execute(question).fetchall()[0][0])


@pytest.mark.parametrize(
    "question", ["drop table cost_day", "select nonsense", "selec", "insert into metric values ('a', 'b')"]
)
def test_sql_that_cannot_be_answered_is_one_line_and_exit_2(demo_night, question: str):
    done = plimsoll("sql", "--config", demo_night, question)
    assert done.returncode == 2
    assert done.stderr.startswith("plimsoll: sql: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_sql_before_the_first_night_says_so(fresh_estate):
    done = plimsoll("sql", "--config", fresh_estate, "select 1")
    assert done.returncode == 2
    assert "nothing is published yet; run plimsoll night first" in done.stderr


@pytest.mark.parametrize("name", ["panel.parquet", "panel.csv", "panel.csv.gz"])
def test_forecast_of_a_file_has_the_promised_columns_times_and_order(tmp_path: Path, name: str):
    frame = panel()
    frame.to_parquet(tmp_path / name) if name.endswith("parquet") else frame.to_csv(tmp_path / name, index=False)
    done = plimsoll("forecast", tmp_path / name, "--horizon", "48", "--grain", "h", "--out", tmp_path / "out.parquet")
    assert done.returncode == 0, done.stderr
    out = pd.read_parquet(tmp_path / "out.parquet")
    assert list(out.columns) == COLUMNS
    assert out.groupby("service").size().to_dict() == {"a": 48, "b": 48}
    assert out["target_time"].min() == frame["timestamp"].max() + pd.Timedelta(hours=1)
    bands = out[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(bands).all()
    assert (np.diff(bands, axis=1) >= 0).all()


def test_forecast_starts_after_each_series_own_end(tmp_path: Path):
    frame = panel()
    early = frame["timestamp"].max() - pd.Timedelta(days=10)
    frame = frame[(frame["service"] == "a") | (frame["timestamp"] <= early)]
    frame.to_parquet(tmp_path / "panel.parquet")
    plimsoll(
        "forecast", tmp_path / "panel.parquet", "--horizon", "24", "--grain", "h", "--out", tmp_path / "out.parquet"
    )
    first = pd.read_parquet(tmp_path / "out.parquet").groupby("service")["target_time"].min()
    assert first["a"] == frame["timestamp"].max() + pd.Timedelta(hours=1)
    assert first["b"] == early + pd.Timedelta(hours=1)


def test_forecast_of_a_file_without_the_columns_names_the_missing_one(tmp_path: Path):
    panel().rename(columns={"value": "amount"}).to_csv(tmp_path / "panel.csv", index=False)
    done = plimsoll(
        "forecast", tmp_path / "panel.csv", "--horizon", "5", "--grain", "h", "--out", tmp_path / "out.parquet"
    )
    assert done.returncode == 2
    assert "column 'value' is missing; found service, metric, timestamp, amount" in done.stderr
    assert not (tmp_path / "out.parquet").exists()


def test_doctor_is_content_with_a_healthy_estate(demo_night):
    done = plimsoll("doctor", "--config", demo_night)
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout
    for what in (
        "configuration",
        "source aws",
        "source oci",
        "source metrics",
        "warehouse",
        "freshness",
        "prefect",
        "versions",
    ):
        assert what in done.stdout


def test_doctor_names_what_is_wrong_and_what_to_do(fresh_estate):
    (fresh_estate.parent / "billing/focus-oci.csv").unlink()
    with fresh_estate.open("a", encoding="utf-8") as file:
        file.write('[notify]\nurls_env = "NOWHERE_SET"\n')
    done = plimsoll("doctor", "--config", fresh_estate, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 1
    assert "✗ source oci" in done.stdout
    assert "✗ notices: environment variable NOWHERE_SET is not set" in done.stdout
    assert "✗ prefect: PREFECT_API_URL: http://127.0.0.1:9/api" in done.stdout
    assert "! freshness: nothing is published yet" in done.stdout
    assert "run plimsoll night" in done.stdout


def test_help_names_every_command():
    done = plimsoll("--help")
    assert done.returncode == 0
    for command in ("demo", "night", "backfill", "serve", "sql", "forecast", "doctor"):
        assert command in done.stdout


def test_the_log_file_has_one_event_a_line_with_its_keys(demo_night):
    log = (demo_night.parent / ".run/logs/2026-11-20.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    assert {"prepare", "ingest", "build", "check", "forecast", "score", "publish"} <= {
        event["event"] for event in events
    }
    ingest = next(event for event in events if event["event"] == "ingest" and event["source"] == "metrics")
    assert ingest["rows_rejected"] == 5
    assert all("seconds" in event for event in events if event["event"] != "read")


def test_the_terminal_shows_each_step_with_counts_and_seconds(fresh_estate):
    done = plimsoll("night", "--config", fresh_estate)
    assert done.returncode == 0, done.stderr
    for step in ("prepare", "ingest", "build", "check", "forecast", "score", "publish"):
        assert step in done.stderr
    assert "rows_rejected=5" in done.stderr
    assert "nanobind" not in done.stderr
    assert "Traceback" not in done.stderr
