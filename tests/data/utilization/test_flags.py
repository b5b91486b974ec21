"""Load that should not be believed: it is kept as measured, told, and used for nothing."""

import math
from datetime import date, timedelta

import pytest

from data.utilization.files.files import Files
from data.utilization.flags import flag_load
from data.warehouse import load_sql
from tests.data.utilization.conftest import START

DAYS = 40
HOURS = range(DAYS * 24)
AS_OF = START.date() + timedelta(days=DAYS)
MOVES = {h: 10 + 5 * math.sin(h) for h in HOURS}


def flat(first: int, last: int, value: float) -> dict[int, float]:
    return dict.fromkeys(range(first, last), value)


@pytest.fixture
def flags(con):
    """Return a function that flags what is known at a moment, and gives: service, flag, first hour, end, evidence."""

    def read(as_of: date = AS_OF) -> list[tuple]:
        flag_load(con, as_of)
        rows = con.execute("select service, flag, from_utc, to_utc, evidence from utilization_flag order by all")
        hour = timedelta(hours=1)
        return [(s, flag, (a - START) // hour, b and (b - START) // hour, e) for s, flag, a, b, e in rows.fetchall()]

    return read


def test_nothing_stored_has_no_flag(flags):
    assert flags() == []


def test_a_line_of_a_day_in_a_series_that_moves_is_flat_and_a_shorter_one_is_not(series, flags):
    series("web", MOVES | flat(600, 640, 12.5))
    series("api", MOVES | flat(600, 623, 12.5))
    series("closed on weekends", {h: MOVES[h] if h % 168 < 120 else 0 for h in HOURS} | flat(530, 570, 12.5))
    assert flags() == [("closed on weekends", "flat line", 530, 570, 12.5), ("web", "flat line", 600, 640, 12.5)]


def test_a_line_of_zeros_after_a_deploy_is_flat_too_until_it_ends_or_for_14_days(series, flags):
    series("back", MOVES | flat(100, 100 + 20 * 24, 0))
    series("still", MOVES | flat(900, 960, 0))
    series("off", MOVES | flat(600, 960, 0))
    assert flags() == [("back", "flat line", 100, 580, 0.0), ("still", "flat line", 900, 960, 0.0)]


def test_what_is_constant_by_nature_is_not_flat(series, flags):
    for nature, values in {
        "a fixed number of replicas": dict.fromkeys(HOURS, 3),
        "replicas that were raised": {h: 3 + (h > 300) + (h > 800) for h in HOURS},
        "zero traffic at night": {h: MOVES[h] if 8 <= h % 24 < 20 else 0 for h in HOURS},
        "zero traffic on weekends": {h: MOVES[h] if h % 168 < 120 else 0 for h in HOURS},
        "one job a night": {h: MOVES[h] if h % 24 == 3 else 0 for h in HOURS},
        "a number of few values": {h: round(MOVES[h] / 5) for h in HOURS} | flat(600, 640, 2),
        "a gauge that hardly moves": {h: round(h // 40 + MOVES[h] / 100, 1) for h in HOURS},
        "full to its top for two days": MOVES | flat(600, 640, 15),
        "too young to say that it moves": {h: MOVES[h] if h < 100 else 7.5 for h in HOURS},
        "closed for a day, as every night": {h: MOVES[h] if 8 <= h % 24 < 20 and h // 24 != 25 else 0 for h in HOURS},
        "slow, and slower for a day": {h: MOVES[h // 3 * 3] for h in HOURS} | flat(600, 630, 12.5),
        "two sizes with peaks, and once a third": {h: MOVES[h] if h % 10 == 0 else 2 + (h % 24 < 12) for h in HOURS}
        | flat(600, 648, 4),
        "constant twice a week": {h: MOVES[h] if h % 96 < 60 else MOVES[h // 96 * 96] for h in HOURS},
    }.items():
        series(nature, values)
    assert flags() == []


def test_a_night_of_the_past_flags_what_was_known_then(series, flags):
    series("web", MOVES | flat(600, 660, 12.5))
    assert flags(START.date() + timedelta(days=25)) == []
    assert flags(START.date() + timedelta(days=27)) == [("web", "flat line", 600, 648, 12.5)]


def test_a_line_over_missing_hours_and_of_equal_means_but_for_a_bit_is_one(con, series, flags):
    series("web", MOVES | flat(600, 640, 0.3))
    sum_of_tenths = "0.1::double + 0.2::double"
    con.execute(
        f"update utilization_hour set value_avg = {sum_of_tenths} where value_max = 0.3 and hour(hour_utc) % 2 = 0"
    )
    con.execute("delete from utilization_hour where value_max = 0.3 and hour(hour_utc) = 7")
    assert flags() == [("web", "flat line", 600, 640, 0.3)]


def test_a_step_by_a_factor_of_units_is_flagged_and_growth_is_not(series, flags):
    for factor in (1000, 1024, 100, 1 / 100, 1 / 3600, 3, 1):
        wave = {h: 10 + 5 * math.sin(h / 4) for h in HOURS}
        series(f"{factor:.5g}", {h: value * (factor if h >= 288 else 1) for h, value in wave.items()})
    found = [(service, flag, first) for service, flag, first, _, _ in flags()]
    assert found == [(name, "step of unit", 288) for name in ("0.00027778", "0.01", "100", "1000", "1024")]


def test_flat_hours_stay_stored_and_are_no_actual_and_a_step_of_unit_is_used_as_it_is(con, series, flags):
    series("web", MOVES | flat(600, 648, 12.5))
    series("api", {h: value * (1000 if h >= 480 else 1) for h, value in MOVES.items()})
    assert [flag for _, flag, *_ in flags()] == ["step of unit", "flat line"]
    counts = "select count(*) filter (where service = 'web'), count(*) filter (where service = 'api') from "
    assert con.execute(counts + "utilization_hour").fetchall() == [(960, 960)]
    assert con.execute(counts + "actual where grain = 'h'").fetchall() == [(912, 960)]
    assert con.execute(counts + "actual where grain = 'd'").fetchall() == [(38, 40)]
    assert con.execute("select count(flag), min(value_max), max(value_max) from utilization_judged where flag = "
                       "'flat line'").fetchall() == [(48, 12.5, 12.5)]  # fmt: skip


def test_a_peak_on_a_flat_line_is_not_how_full_a_service_is_now(con, series, flags):
    series("web", {h: value / 100 for h, value in MOVES.items()} | {100: 0.99} | flat(900, 960, 0.95))
    flags()
    ((peak,),) = con.execute(f"select peak_now from ({load_sql('decide/headroom/peak')})", {"as_of": AS_OF}).fetchall()
    assert peak == pytest.approx(0.15, abs=0.001)


@pytest.mark.shared
def test_of_all_public_series_only_the_outage_of_a_hurricane_is_flat(con, night, flags, shared):
    """NASA's server was shut down from 1 August 1995, 14:52 to 3 August, 04:36 local time: hurricane Erin."""
    stamp = {"timestamp": "TimeStamp", "value": "Value"}
    park = {"service": "SystemCodeNumber", "timestamp": "LastUpdated", "value": "Occupancy"}
    hour = {"timestamp": "hour_start_local_minus0400", "value": "requests"}
    named = {"metric": "load", "filename_pattern": "(?P<service>.+)"}
    for settings in (
        {"name": "nab", "path": shared / "real/nab_cloudwatch", **named},
        {"name": "ms", "path": shared / "real/ms_cloud", **named, "columns": stamp},
        {"name": "parks", "path": shared / "real/capacity/car_parks_occupancy.csv.gz", "metric": "cars",
         "columns": park, "timezone": "Europe/London"},
        {"name": "nasa", "path": shared / "real/requests/nasa_http_hourly.csv", "service": "www",
         "metric": "requests", "columns": hour, "timezone": "Etc/GMT+4"},
        {"name": "estate", "path": shared / "estate/utilization/*"},
    ):  # fmt: skip
        night(Files(kind="files", **settings))
    assert con.execute("select count(distinct (service, metric)) from utilization_hour").fetchall() == [(95,)]
    ((service, flag, *_, level),) = flags()
    assert (service, flag, level) == ("www", "flat line", 0.0)
    assert con.execute("select from_utc, to_utc from utilization_flag").fetchall() == [
        (START.replace(1995, 8, 1, 19), START.replace(1995, 8, 3, 8))
    ]
