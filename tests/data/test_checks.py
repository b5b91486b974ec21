from datetime import date
from pathlib import Path

import pytest

from data.checks import read_checks, run_checks
from data.errors import CheckFailed

AS_OF = date(2026, 11, 20)


def check_in(folder: Path, severity: str, query: str) -> list:
    (folder / "rule.sql").write_text(f"-- severity: {severity}\n-- look at it\n{query}\n", encoding="utf-8")
    return read_checks(folder)


def test_every_check_of_ours_says_how_severe_it_is_and_passes_on_an_empty_warehouse(con):
    checks = read_checks()
    assert len(checks) >= 6
    run_checks(con, AS_OF, checks)
    assert con.execute("select distinct rows from check_result").fetchall() == [(0,)]


def test_a_broken_rule_that_stops_is_stored_and_raised(con, tmp_path: Path):
    with pytest.raises(CheckFailed, match=r"rule: 2 rows, e.g. \(1, a\); look at it"):
        run_checks(con, AS_OF, check_in(tmp_path, "stop", "select unnest([1, 2]) as n, 'a' as what order by n"))
    assert con.execute("select name, severity, rows, example from check_result").fetchall() == [
        ("rule", "stop", 2, "1, a")
    ]


def test_a_broken_rule_that_warns_is_stored(con, tmp_path: Path):
    run_checks(con, AS_OF, check_in(tmp_path, "warn", "select 1"))
    assert con.execute("select severity, rows from check_result").fetchall() == [("warn", 1)]


def test_a_check_without_a_severity_is_a_defect(tmp_path: Path):
    with pytest.raises(ValueError, match="first line"):
        check_in(tmp_path, "perhaps", "select 1")


def test_a_series_that_two_sources_deliver_stops_the_night(con):
    for source in ("a", "b"):
        con.execute(
            "insert into utilization_hour values ('s', 'cpu', '2026-01-01', 1, 1, 1, 1, 1, $source)", {"source": source}
        )
    with pytest.raises(CheckFailed, match=r"grain_utilization_hour.*a and b"):
        run_checks(con, AS_OF, read_checks())


def test_cost_that_does_not_tie_to_the_bill_stops_the_night(con):
    con.execute(
        "insert into billing_load by name select 'aws' as source, date '2026-10-01' as billing_period, "
        "'e' as execution_id, 'USD' as currency, 'f' as fingerprint, 1 as files, 1 as lines, 10 as billed_cost, "
        "date '2026-10-31' as last_charge_date, timestamp '2026-11-01' as loaded_at, true as is_current"
    )
    with pytest.raises(CheckFailed, match="cost_day_ties_to_bills"):
        run_checks(con, AS_OF, read_checks())


@pytest.mark.parametrize(
    ("limit", "load", "noted"),
    [(0.8, 55, 1), (80, 0.55, 1), (0.8, 0.9, 0), (0.8, 1.3, 0), (80, 55, 0), (80, 0.01, 0), (1000, 0.5, 0)],
)
def test_a_limit_in_another_unit_than_its_load_is_noted(con, limit, load, noted):
    con.execute(
        "insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) "
        "values ('s', 'cpu', '2026-01-01', $1, 14)",
        [limit],
    )
    con.execute(
        "insert into utilization_hour select 's', 'cpu', hour, $1, $1, $1, $1, 1, 'load' "
        "from range(timestamp '2026-11-10', timestamp '2026-11-20', interval 1 hour) as hours(hour)",
        [load],
    )
    run_checks(con, AS_OF, [one for one in read_checks() if one.name == "limit_of_other_unit"])
    assert con.execute("select rows from check_result").fetchall() == [(noted,)]
