"""One definition a term."""

import re
from datetime import date

import pytest

from dashboards.queries import SQL as PAGES
from data.snapshot import write_snapshot
from data.warehouse import SQL


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("cost_metric('EUR')", "cost_eur"),
        ("metric_currency('cost_eur')", "EUR"),
        ("metric_currency('cpu')", None),
        ("metric_subject('cost_usd')", "cost"),
        ("metric_subject('requests')", "load"),
        ("is_run_rate('shared') and not is_run_rate('tax')", True),
        ("target_status(-0.1)", "good"),
        ("target_status(0.15)", "acceptable"),
        ("target_status(0.21)", "miss"),
        ("target_status(null)", None),
        ("is_share(0.8) and is_share(1) and not is_share(8) and not is_share(0) and not is_share(null)", True),
    ],
)
def test_a_term_is_what_it_says(con, expression, value):
    assert con.execute(f"select {expression}").fetchall() == [(value,)]


@pytest.mark.parametrize("root", [SQL, PAGES])
def test_no_query_reads_the_clock(root):
    reads = re.compile(r"\b(now|today|get_current_timestamp)\(\)|\bcurrent_(date|time|timestamp)\b", re.IGNORECASE)
    assert [file.name for file in root.rglob("*.sql") if reads.search(file.read_text(encoding="utf-8"))] == []


def test_buckets_of_days_ahead_leave_nothing_between_them(con):
    rows = con.execute("from horizon_bucket() order by horizon_days").fetchall()
    assert [end for end, _ in rows][:-1] == [after for _, after in rows][1:]
    assert rows[0] == (1, 0)
    assert rows[-1][0] == 90


def test_the_limit_in_force_is_the_newest_that_holds(con):
    con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) values "
                "('web', 'cpu', '2026-01-01', 0.8, 14), ('web', 'cpu', '2026-11-01', 0.9, 7), "
                "('web', 'cpu', '2026-12-01', 1.5, 7)")  # fmt: skip
    assert con.execute("select limit_value, lead_time_days from limit_in_force(date '2026-11-20')").fetchall() == [
        (0.9, 7)
    ]
    assert con.execute("select * from limit_in_force(date '2025-12-31')").fetchall() == []


def test_planners_have_the_terms_in_the_snapshot(con, tmp_path):
    con.execute("insert into cost_service_day values ('web', '2026-11-18', 'direct', 'USD', 1, 1, true), "
                "('web', '2026-11-19', 'direct', 'USD', 1, 1, false)")  # fmt: skip
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    con.execute(f"attach '{tmp_path / 'snapshot.duckdb'}' as published (read_only)")
    con.execute("use published")
    rows = con.execute("from settled_until(date '2026-11-20')").fetchall()
    con.execute("use warehouse")
    assert rows == [("USD", date(2026, 11, 18), date(2026, 11, 19))]
