"""What the nights found out about themselves stands where its reader looks, as the tables have it."""

import html
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboards.queries import read_frame, read_rows
from dashboards.site import render_site
from dashboards.words.causes import why
from dashboards.words.wording import MINUS, THIN, change, money, month, tied
from data.catalog import Service
from data.warehouse import open_warehouse
from tests.dashboards.estate import AS_OF, make_estate
from tests.warehouses import new_warehouse


def words(file: Path) -> str:
    """Return the page's text on one line, without scripts."""
    text = re.sub(r"<script.*?</script>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", text.replace("<wbr>", ""))).replace(" ,", ",")


def miss(**known: object) -> dict[str, object]:
    return {"causes": [], "event": None, "outage_hours": None, "restated_ratio": None, "level_ratio": None} | known


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (miss(), "not known"),
        (miss(level_ratio=1.1), "not known"),  # what is no cause is not said to be one
        (miss(causes=["event"], event="sale"), "declared event: sale"),
        (miss(causes=["outage"], outage_hours=1), "outage: 1 hour missing or near zero"),
        (miss(causes=["restatement"], restated_ratio=0.031), f"restatement: the bill moved by 3.1{THIN}%"),
        (miss(causes=["level shift"], level_ratio=0.6), f"level shift: {MINUS}40{THIN}% against the weeks before"),
        (miss(causes=["outage", "event"], event="sale", outage_hours=30), "outage: 30 hours missing or near zero; "),
        (miss(causes=["eclipse"]), "eclipse"),
    ],
)
def test_a_miss_says_every_cause_with_its_evidence(known, said: str):
    assert why(known).startswith(said)


def test_months_of_stable_series_are_counted_as_forecast_status_has_them(site: Path, con: duckdb.DuckDBPyConnection):
    text = words(site / "accuracy.html")
    rows = con.execute(
        "select starts_with(metric, 'cost_'), count(*), count(*) filter (where status = 'good'), "
        "count(*) filter (where status = 'acceptable'), count(*) filter (where status = 'miss') "
        "from forecast_status where is_stable and status is not null and service <> '(total)' and origin = 'backtest' "
        "and month = date '2026-10-01' and (grain = 'm') = starts_with(metric, 'cost_') group by 1"
    ).fetchall()
    for is_cost, *counts in rows:
        compared = "cost its sum" if is_cost else "load a day, whole month"
        assert f"October 2026 {compared} {' '.join(map(str, counts))} " in text


def test_a_month_of_a_series_is_judged_once(site: Path, con: duckdb.DuckDBPyConnection):
    text = words(site / "services" / "catalog.html")
    assert con.execute(
        "select count(distinct grain) from forecast_status where service = 'catalog' and metric = 'cost_usd' "
        "and month = date '2026-10-01'"
    ).fetchall() == [(2,)]
    assert text.count("cost in USD October 2026") == 1


def test_the_front_page_says_how_many_forecasts_met_the_target(site: Path, con: duckdb.DuckDBPyConnection):
    (good, acceptable, missed) = con.execute(
        "select count(*) filter (where status = 'good'), count(*) filter (where status = 'acceptable'), "
        "count(*) filter (where status = 'miss') from forecast_status where is_stable and service <> '(total)' "
        "and origin = 'backtest' and month = date '2026-10-01' and (grain = 'm' or not starts_with(metric, 'cost_'))"
    ).fetchone()
    ((misses,),) = con.execute("select count(*) from forecast_miss").fetchall()
    said = f"(backtest): of {good + acceptable + missed} stable series {good} within ±10 %, {acceptable} more within"
    said = tied(f"October 2026 {said} ±20 %, {missed} missed. In 120 nights {misses} forecasts missed")
    assert said in html.unescape(words(site / "index.html"))


def test_the_newest_whole_month_of_the_bill_stands_beside_its_forecast(site: Path, con: duckdb.DuckDBPyConnection):
    for currency in ("USD", "EUR"):
        forecast, actual, error = con.execute(
            "select forecast, actual, error_ratio from forecast_status where service = '(total)' and grain = 'm' "
            "and metric = 'cost_' || lower($currency) and month = date '2026-10-01'",
            {"currency": currency},
        ).fetchone()
        said = f"usage cost {money(actual)} {currency}; the forecast of 25 Sep 2026 was {money(forecast)}"
        assert f"October 2026: {said} ({change(error, 1)}, backtest)." in words(site / "index.html")


def test_a_miss_stands_with_its_cause_on_the_accuracy_page_and_on_its_services_own(site: Path):
    said = f"level shift: +51{THIN}% against the weeks before"
    assert said in words(site / "accuracy.html")
    assert said in words(site / "services" / "media.html")
    assert "level shift" not in words(site / "services" / "search.html").split("Shaded:")[0]
    assert "No forecast of a stable series of this service" in words(site / "services" / "search.html")


def test_a_gap_stands_beside_the_load_that_it_is_missing_from(site: Path):
    text = words(site / "services" / "checkout.html")
    assert "2 gaps in the last half year, 96 hours of load: missing, not zero" in text
    assert text.index("requests by hour") < text.index("cpu 8 Nov 2026 00:00 10 Nov 2026 00:00 48 not known")
    assert text.index("8 Nov 2026 00:00") < text.index("Cost a day")
    assert "of load: missing" not in words(site / "services" / "search.html")


def test_what_is_still_missing_is_first_on_the_page_of_who_runs_it(site: Path):
    text = words(site / "data.html")
    first = text.index("only-load cpu 17 Nov 2026 00:00 \u2013 still missing 72 the series stopped")
    assert first < text.index("checkout cpu 8 Nov 2026 00:00 10 Nov 2026 00:00 48 not known")
    assert "metrics the series stopped 1 1 1 72 72" in text


def test_hours_at_which_nothing_is_ever_measured_are_a_habit_and_no_gap(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        con.execute(
            "insert into service (service, is_catalogued, tier, accounts, aliases, is_telemetry) "
            "values ('park', true, 2, [], [], false)"
        )
        con.execute(
            "insert into utilization_hour select 'park', 'cars', hour, 1, 1, 1, 1, 2, 'counts' "
            "from (select unnest(range(timestamp '2026-10-20', timestamp '2026-11-20', interval 1 hour)) as hour) "
            "where hour(hour) between 8 and 20"
        )
        con.execute(
            "insert into source_state (as_of, source, kind, state, rows_read, rows_rejected, rows_duplicate) "
            "values ($as_of, 'counts', 'files', 'fresh', 1, 0, 0)",
            {"as_of": AS_OF},
        )
        render_site(con, tmp_path / "site")
    assert "never measured at that time of day 1 31 1 " in words(tmp_path / "site/data.html")
    assert "what is still missing first" not in words(tmp_path / "site/data.html")
    assert "of load: missing" not in words(tmp_path / "site/services/park.html")


def test_where_nothing_is_known_nothing_is_claimed(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        render_site(con, tmp_path)
    assert "No load has been read." in words(tmp_path / "data.html")
    accuracy = words(tmp_path / "accuracy.html")
    for text in (accuracy, words(tmp_path / "index.html")):
        assert "no stable service has a forecast that met its actual yet" in text
        assert "0 stable services" not in text
    assert "more than 20 % off" not in accuracy
    assert month(date(2026, 11, 1)) not in accuracy


def test_the_whole_bill_is_called_so_and_is_no_service(site: Path):
    assert "(total)" not in words(site / "accuracy.html")
    assert "whole bill" in words(site / "accuracy.html")


def test_pages_begin_with_their_answer(con: duckdb.DuckDBPyConnection, tmp_path: Path):
    render_site(con, tmp_path)
    budgets, commitments, units = (
        words(tmp_path / file).replace(THIN, " ") for file in ("budgets.html", "commitments.html", "unit-cost.html")
    )
    assert "1 of 2 budgets under way will likely be passed: whole bill (90 %, 29 Nov 2026)." in budgets
    assert (
        "The largest saving: commit to 1.90 USD an hour of Compute (AWS) for 1 year. "
        "It would save 640.00 USD a month on average, and in the worst of twenty futures lose 40.00." in commitments
    )
    missed = con.execute("select count(*) from unit_cost_status where target_status = 'missed'").fetchone()
    aimed = con.execute("select count(target_status) from unit_cost_status").fetchone()
    assert f"{aimed[0] - missed[0]} of {aimed[0]} target" in units


def test_what_moved_most_may_have_fallen_and_the_key_of_a_target_is_the_catalogs(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("update unit_cost_status set target_unit_cost = null, target_status = null, trend_28d = 0.02")
        con.execute("update unit_cost_status set trend_28d = -0.3 where service = 'checkout'")
        render_site(con, tmp_path)
    text = words(tmp_path / "unit-cost.html").replace(THIN, " ")
    assert re.search(rf"checkout moved most: .*, {MINUS}30 % on the 28 days before\.", text)
    assert "set target_cost_per_million in the catalog" in text
    assert "target_cost_per_million" in Service.model_fields


def test_a_budget_that_no_forecast_can_be_held_against_is_not_said_to_be_missing(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("delete from forecast where metric like 'cost_%'")
        con.execute("delete from budget_status")
        con.execute("delete from month_cost where forecast_cost is not null and usage_cost is null")
        con.execute("update month_cost set forecast_cost = null, forecast_lo80 = null, forecast_hi80 = null")
        render_site(con, tmp_path)
    assert "No service with a budget has a forecast of the month yet." in words(tmp_path / "index.html")
    assert "No service has a budget" not in words(tmp_path / "index.html")


def test_what_a_check_found_is_said_in_words_on_the_front_page(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("delete from check_result")
        con.execute(
            "insert into check_result by name select $as_of as as_of, 'warn' as severity, 2 as rows, "
            "unnest(['service_without_load', 'of_a_later_version']) as name, 'search, requests' as example",
            {"as_of": AS_OF},
        )
        render_site(con, tmp_path / "site")
    text = words(tmp_path / "site" / "index.html")
    assert "A catalogued service with a request metric has no load in the last 2 days: its exporter" in text
    assert "of_a_later_version found 2 rows. the first: search, requests" in text


def test_the_anomalies_page_begins_with_what_is_open(tmp_path: Path):
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("update anomaly set to_utc = $as_of::timestamp, is_muted = false", {"as_of": AS_OF})
        render_site(con, tmp_path / "over")
        ((count,),) = con.execute("select count(*) from current_anomaly").fetchall()
        con.execute(
            "update anomaly set to_utc = null, service = 'shop', from_utc = $as_of::timestamp - interval 2 days "
            "where from_utc = (select min(from_utc) from current_anomaly)",
            {"as_of": AS_OF},
        )
        render_site(con, tmp_path / "open")
    over, still = (words(tmp_path / night / "anomalies.html") for night in ("over", "open"))
    assert re.search(rf"None of {count} anomal(y|ies) is open: each is over, or muted\.", over)
    assert re.search(rf"1 of {count} anomal(y|ies) is open: shop, .+ (up|down) since 18 Nov 2026", still)


def test_what_is_spent_so_far_is_through_the_newest_day_of_the_bill(tmp_path: Path):
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("delete from cost_service_day where date > date '2026-11-14'")
        render_site(con, tmp_path / "site")
    assert "so far, through 14 Nov 2026" in words(tmp_path / "site" / "index.html")
    assert "of it so far, through 14 Nov 2026" in words(tmp_path / "site" / "services" / "checkout.html")


def test_the_month_of_all_budgets_ends_at_the_sum_of_its_table(con: duckdb.DuckDBPyConnection):
    parameters = {"as_of": AS_OF, "month": AS_OF.replace(day=1)}
    mean = read_frame(con, "budgets/day", parameters)["mean"]
    rows = read_rows(con, "budgets/service", parameters)
    assert mean[-1] == pytest.approx(sum(row["forecast_cost"] for row in rows))


def test_months_that_are_compared_are_named(con: duckdb.DuckDBPyConnection, site: Path):
    ((sentence,),) = con.execute(
        "select sentence from unit_cost_change where scope = 'total' and currency = 'USD' and not is_running "
        "and month = date '2026-10-01'"
    ).fetchall()
    assert f"October 2026 against September 2026: {tied(sentence)}." in html.unescape(words(site / "why.html"))


def test_the_capacity_page_begins_with_what_must_be_done_first(site: Path):
    text = words(site / "capacity.html").replace(THIN, " ")
    assert re.search(r"\d+ limits? (is|are) passed: |\d+ limits? may be reached within 90 days; first ", text)
