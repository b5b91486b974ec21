"""Loads: whole months replaced, nothing half-loaded, every delivery remembered."""

import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing import store
from data.billing.deliveries import BillReading
from data.billing.focus import Focus
from data.billing.read.owners import Owners
from data.billing.store import load_bills
from data.errors import CheckFailed
from data.warehouse import SQL
from tests.data.billing.export import line, write_execution, write_lines
from tests.data.billing.loading import AS_OF, load, totals

OCTOBER = date(2026, 10, 1)


def focus(uri: Path, name: str = "aws") -> Focus:
    return Focus(kind="focus", name=name, uri=str(uri))


def test_the_current_execution_alone_is_the_bill(con, tmp_path) -> None:
    for number, billed in enumerate((1, 10, 100)):
        write_execution(tmp_path, OCTOBER, f"2026-11-0{number + 1}T00:00:00.000Z-x", [line(billed)])
    write_execution(tmp_path, OCTOBER, "2026-11-09T00:00:00.000Z-y", [line(1000)], has_manifest=False)
    loaded = load(con, focus(tmp_path))
    assert (loaded.periods, loaded.superseded) == (1, 2)
    assert totals(con)[0][4] == 100


def test_the_ledger_shows_how_a_closed_month_moved(con, tmp_path) -> None:
    month = [line("32059.4264518043")]
    write_execution(tmp_path, OCTOBER, "2026-11-02T09:00:00.000Z-a", month)
    load(con, focus(tmp_path))
    late = [line("415.20", ServiceName="AWS Support (Business)"), line("-37.75", ChargeClass="Correction")]
    write_execution(tmp_path, OCTOBER, "2026-11-08T09:00:00.000Z-b", month + late)
    load(con, focus(tmp_path), day=1)
    found = con.execute(
        "select billed_cost, billed_change, days_after_close, is_current from restatement order by delivered_at"
    ).fetchall()
    assert found == [
        (Decimal("32059.4264518043"), None, 1, False),
        (Decimal("32436.8764518043"), Decimal("377.45"), 7, True),
    ]


def test_an_execution_that_was_never_seen_is_read_from_its_own_manifest(con, tmp_path) -> None:
    write_execution(tmp_path, OCTOBER, "2026-10-11T00:00:00.000Z-a", [line(5)])
    write_execution(tmp_path, OCTOBER, "2026-11-08T00:00:00.000Z-b", [line(7)])
    load(con, focus(tmp_path))
    found = con.execute("select billed_cost, is_current from billing_load order by delivered_at").fetchall()
    assert found == [(5, False), (7, True)]


def test_what_was_superseded_and_cleared_away_is_no_fault(con, tmp_path) -> None:
    old = write_execution(tmp_path, OCTOBER, "2026-10-11T00:00:00.000Z-a", [line(5)])
    write_execution(tmp_path, OCTOBER, "2026-11-08T00:00:00.000Z-b", [line(7)])
    old.unlink()
    load(con, focus(tmp_path))
    assert totals(con)[0][4] == 7


def test_one_month_again_leaves_the_others_alone(con, tmp_path) -> None:
    write_execution(tmp_path, date(2026, 9, 1), "2026-10-08T00:00:00.000Z-a", [line(3)])
    write_execution(tmp_path, OCTOBER, "2026-11-08T00:00:00.000Z-b", [line(7), line(1, ServiceName="gone")])
    load(con, focus(tmp_path))
    write_execution(tmp_path, OCTOBER, "2026-11-12T00:00:00.000Z-c", [line(8)])
    loaded = load(con, focus(tmp_path), day=1)
    assert (loaded.periods, loaded.lines) == (1, 1)
    assert [row[3:5] for row in totals(con)] == [(1, 3), (1, 8)]


def test_a_delivery_that_is_current_again_is_the_bill_again(con, tmp_path) -> None:
    for execution, billed in (("a", 1), ("b", 9), ("a", 1)):
        write_execution(tmp_path, OCTOBER, f"2026-11-02T09:00:00.000Z-{execution}", [line(billed)])
        load(con, focus(tmp_path))
    assert totals(con)[0][4] == 1
    assert con.execute("select billed_cost, is_current from billing_load order by all").fetchall() == [
        (1, True),
        (9, False),
    ]


def test_a_currency_that_a_restated_month_no_longer_has_is_gone(con, tmp_path) -> None:
    write_lines(tmp_path / "bill.csv", [line(1), line(2, BillingCurrency="EUR")])
    load(con, focus(tmp_path))
    write_lines(tmp_path / "bill.csv", [line(5)])
    load(con, focus(tmp_path), day=1)
    assert [row[2:5] for row in totals(con)] == [("USD", 1, 5)]
    assert con.execute("select currency from billing_load where is_current").fetchall() == [("USD",)]


def test_old_executions_are_read_some_a_night(con, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(store, "SUPERSEDED_A_NIGHT", 2)
    for number in range(6):
        write_execution(tmp_path, OCTOBER, f"2026-11-0{number + 1}T00:00:00.000Z-x", [line(number)], ending="csv")
    assert [load(con, focus(tmp_path), day=day).superseded for day in range(4)] == [2, 2, 1, 0]
    assert totals(con)[0][4] == 5


def test_other_tag_keys_read_the_bill_again(con, tmp_path) -> None:
    write_lines(tmp_path / "bill.csv", [line(1, Tags={"service": "a", "team": "b"})])
    reading = BillReading(tmp_path, AS_OF)
    for keys, owner in ((("service",), "a"), (("TEAM",), "b"), (("none",), None)):
        load_bills(con, focus(tmp_path / "bill.csv"), Owners(keys), datetime(2026, 11, 20), reading)
        assert con.execute("select owner_tag from charge_day").fetchall() == [(owner,)]


costs = st.decimals(min_value=-10_000, max_value=10_000, places=10)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.lists(st.lists(costs, min_size=1, max_size=6), min_size=1, max_size=3))
def test_a_repeated_load_changes_nothing_and_the_last_delivery_is_the_bill(con, tmp_path_factory, deliveries) -> None:
    root = tmp_path_factory.mktemp("export")
    con.execute("delete from charge_day")
    con.execute("delete from billing_load")
    for number, bill in enumerate(deliveries):
        write_execution(
            root, OCTOBER, f"2026-11-0{number + 1}T00:00:00.000Z-x", [line(str(cost)) for cost in bill], ending="csv"
        )
        load(con, focus(root))
        before = totals(con)
        ledger = con.execute("from billing_load order by all").fetchall()
        assert load(con, focus(root), day=1).lines == 0
        assert (totals(con), con.execute("from billing_load order by all").fetchall()) == (before, ledger)
        assert before[0][3:5] == (len(bill), sum(bill))
    assert con.execute("select count(*) from billing_load").fetchall() == [(len(deliveries),)]


class _Wavering(Focus):
    """A source whose files read differently every time, as a defect of ours might make them."""

    def read(self, con, delivery, files, tag_keys):
        warnings = super().read(con, delivery, files, tag_keys)
        con.execute("create or replace temp table steady as from charge_line")
        con.execute(
            "create or replace temp view charge_line as "
            "select * replace (billed_cost + random()::decimal(38, 20) as billed_cost) from steady"
        )
        return warnings


def test_sums_that_do_not_tie_end_the_night_and_name_the_file(con, tmp_path) -> None:
    file = write_lines(tmp_path / "bill.csv", [line(1)])
    with pytest.raises(
        CheckFailed, match=r"aws: .*bill.csv: 2026-10-01 USD: 1 lines .* in the files, 1 lines .* loaded"
    ):
        load(con, _Wavering(kind="focus", name="aws", uri=str(file)))
    assert totals(con) == []


def test_the_ledger_may_leave_superseded_executions_out(con, tmp_path) -> None:
    for number in (1, 2):
        write_execution(tmp_path, OCTOBER, f"2026-11-0{number}T00:00:00.000Z-x", [line(number)])
    assert load(con, Focus(kind="focus", name="aws", uri=str(tmp_path), superseded=False)).superseded == 0


def test_a_bill_is_read_again_where_an_upgrade_translates_it_differently(con, tmp_path, monkeypatch) -> None:
    write_lines(tmp_path / "bill.csv", [line(1)])
    load(con, focus(tmp_path / "bill.csv"))
    shutil.copytree(SQL / "billing", tmp_path / "sql/billing")
    query = tmp_path / "sql/billing/charge_group.sql"
    query.write_text(query.read_text() + "-- another translation")
    monkeypatch.setattr(store, "SQL", tmp_path / "sql")
    assert load(con, focus(tmp_path / "bill.csv"), day=1).lines == 1
