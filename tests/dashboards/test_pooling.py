"""What pages say of errors over several nights and days ahead is weighted by what was measured, not by points."""

import html
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboards.site import render_site
from tests.dashboards.test_findings import words
from tests.warehouses import new_warehouse

AS_OF = date(2026, 11, 20)
# (made_on, days ahead, points, wape, bias, wape of naive, actuals): plain means of the ratios say 0.436.
LARGE_AND_SMALL = ((AS_OF, 7, 6, 0.05, 0.04, 0.08, 1000.0), (AS_OF, 28, 6, 0.822, -0.822, 0.9, 34.16))
TWO_NIGHTS = ((AS_OF, 7, 6, 0.05, 0.04, 0.08, 1000.0), (date(2026, 11, 13), 7, 6, 0.822, -0.822, 0.9, 34.16))
NOTHING_MEASURED = (*LARGE_AND_SMALL, (AS_OF, 14, 60, None, None, None, 0.0))
NO_NAIVE = (LARGE_AND_SMALL[0], (AS_OF, 28, 6, 0.822, -0.822, None, 34.16))
OLDER_THAN_120_NIGHTS = (*LARGE_AND_SMALL, (date(2026, 7, 1), 7, 600, 5.0, 5.0, 5.0, 9e9))


def made(con: duckdb.DuckDBPyConnection, rows: tuple[tuple[object, ...], ...], metric: str = "requests") -> None:
    con.execute(
        "insert into service (service, is_catalogued, tier, team, request_metric, accounts, aliases, is_telemetry) "
        "values ('shop', true, 0, 't', 'requests', [], [], false)"
    )
    con.execute(
        "insert into night (run_id, as_of, started_at, finished_at, state, version) "
        "values ('r', $as_of, $as_of, $as_of, 'done', '1')",
        {"as_of": AS_OF},
    )
    con.execute(
        "insert into forecast_fit (made_on, service, metric, grain, series_class, model, models_kept, history_points, "
        "seconds) values ($as_of, 'shop', $metric, 'd', 'stable', 'm', ['m'], 99, 0.1)",
        {"as_of": AS_OF, "metric": metric},
    )
    con.executemany(
        "insert into forecast_score (service, metric, grain, origin, coverage80, coverage95, made_on, horizon_days, "
        f"points, wape, bias, wape_naive, actual_total) values ('shop', '{metric}', 'd', 'live', 0.8, 0.9, "
        "?, ?, ?, ?, ?, ?, ?)",
        [list(row) for row in rows],
    )


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Path]:
    def render(rows: tuple[tuple[object, ...], ...], metric: str = "requests") -> Path:
        with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
            made(con, rows, metric)
            render_site(con, tmp_path / "site")
        return tmp_path / "site"

    return render


@pytest.mark.parametrize("metric", ["requests", "cost_usd"])
@pytest.mark.parametrize("rows", [LARGE_AND_SMALL, TWO_NIGHTS, NOTHING_MEASURED, OLDER_THAN_120_NIGHTS])
def test_an_error_is_weighted_by_what_was_measured(site, rows, metric: str):
    folder = site(rows, metric)
    for page in ("index.html", "accuracy.html", "services/shop.html"):
        text = words(folder / page)
        assert "7.6\u202f%" in text or "7.5\u202f%" in text, page
        assert "43.6" not in text, page


def test_a_service_within_ten_percent_is_not_shown_as_a_miss(site):
    folder = site(LARGE_AND_SMALL)
    assert "100\u202f% within ±10\u202f%" in html.unescape(words(folder / "index.html"))


def test_naive_and_bias_are_weighted_by_the_same(site):
    folder = site(TWO_NIGHTS)
    text = words(folder / "services" / "shop.html")
    naive = (0.08 * 1000 + 0.9 * 34.16) / 1034.16
    bias = (0.04 * 1000 - 0.822 * 34.16) / 1034.16
    assert f"{naive:.1%}".replace("%", "\u202f%") in text
    assert f"+{bias:.1%}".replace("%", "\u202f%") in text


def test_where_naive_is_not_known_its_share_of_the_actuals_is_left_out(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        made(con, NO_NAIVE)
        rows = con.execute(
            "select sum(error_total) / sum(actual_total), sum(naive_error_total) / sum(naive_actual_total) "
            "from forecast_series_score"
        ).fetchall()
    assert rows == [(pytest.approx(0.0755, abs=5e-5), pytest.approx(0.08))]
