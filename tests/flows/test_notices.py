"""Notices against a local receiver: what is new once, what is over when it is, a digest once a week."""

import contextlib
from datetime import date, datetime, timedelta

import pytest

from data.errors import InputError
from data.warehouse import open_warehouse
from flows.notices import notices
from flows.record import end_night, plan_night, recorded
from flows.settings import read_settings
from tests.warehouses import new_warehouse

MONDAY = date(2026, 11, 16)


class Estate:
    """A warehouse whose findings a test sets, and nights that only tell."""

    def __init__(self, config, receiver):
        self.config, self.receiver = config, receiver
        self.settings = read_settings(config)
        self.hour = datetime(2026, 11, 16, 2)
        with new_warehouse(self.settings.warehouse.path):
            pass

    def do(self, statement: str, *rows: tuple[object, ...]) -> None:
        with open_warehouse(self.settings.warehouse.path) as con:
            if rows:
                con.executemany(statement, rows)
            else:
                con.execute(statement)

    def night(self, as_of: date, error: Exception | None = None) -> list[str]:
        """Run a night that does nothing, or fails; return the titles of what it sent."""
        before = len(self.receiver.notices)
        self.hour += timedelta(hours=1)
        night = plan_night(self.config, self.settings, as_of, self.hour)
        with contextlib.suppress(InputError), recorded(night):
            if error:
                raise error
            end_night(night, "done")
        return [notice["title"] for notice in self.receiver.notices[before:]]

    def source(self, as_of: date, state: str, error: str | None = None) -> None:
        values = (as_of, "aws", "focus", state, datetime(2026, 11, 14, 3), 50.0, 1, 0, 0, error, None, None)
        self.do(f"insert or replace into source_state values ({', '.join('?' * len(values))})", values)

    def risk(self, as_of: date, service: str, severity: str = "high", owner: str | None = "payments") -> None:
        values = (
            as_of,
            "breach",
            service,
            "cpu",
            severity,
            1200.0,
            0.7,
            date(2026, 12, 1),
            owner,
            "see headroom",
            as_of,
            "new",
        )
        self.do(f"insert into risk values ({', '.join('?' * len(values))})", values)


@pytest.fixture
def estate(fresh_estate, receiver, monkeypatch):
    monkeypatch.setenv("NOTICES", receiver.apprise)
    monkeypatch.setenv("PAYMENTS", receiver.apprise)
    text = fresh_estate.read_text(encoding="utf-8")
    fresh_estate.write_text(text + '\n[notify]\nurls_env = "NOTICES"\ndigest = "never"\n', encoding="utf-8")
    return Estate(fresh_estate, receiver)


def days(count: int) -> list[date]:
    return [MONDAY + timedelta(days=ago) for ago in range(count)]


def test_a_failure_is_told_once_and_that_it_is_over(estate):
    first, second, third, fourth, fifth = days(5)
    assert estate.night(first) == []
    assert estate.night(second, InputError("disk 7 is gone")) == [f"plimsoll: the night of {second} failed"]
    assert estate.night(third, InputError("disk 8 is gone")) == [], "the same failure, but for a number"
    assert estate.night(fourth, InputError("the catalog is gone")) == [f"plimsoll: the night of {fourth} failed"]
    assert estate.night(fifth) == [f"plimsoll: the night of {fifth} is done"]
    assert estate.night(fifth) == []


def test_a_stale_source_is_told_once_and_that_it_is_fresh_again(estate):
    sent = []
    for day, state in zip(days(5), ["fresh", "failed", "failed", "stale", "fresh"], strict=True):
        estate.source(day, state, "no manifest at http://user:hunter2@host" if state == "failed" else None)
        sent.append(estate.night(day))
    assert sent == [
        [],
        ["plimsoll 2026-11-17: sources are not fresh"],
        [],
        [],
        ["plimsoll 2026-11-20: sources are fresh again"],
    ]
    assert "source aws is failed, newest 2026-11-14 03:00 UTC: no manifest" in estate.receiver.notices[0]["message"]
    assert "hunter2" not in str(estate.receiver.notices)


def test_only_new_high_risks_are_told(estate):
    first, second, third = days(3)
    for day in (first, second):
        estate.risk(day, "checkout")
    estate.risk(second, "search", owner=None)
    estate.risk(second, "media", "medium")
    assert [len(estate.night(day)) for day in (first, second, third)] == [1, 1, 0]
    told = [notice["message"] for notice in estate.receiver.notices]
    assert told[0] == "- breach of checkout (cpu), USD 1,200, act by 2026-12-01, payments: see headroom"
    assert "search" in told[1]
    assert "nobody owns it" in told[1]
    assert "checkout" not in told[1]
    assert "media" not in told[1]


def test_load_that_is_gone_is_told_once_and_that_it_is_back(estate):
    first, second, third, fourth = days(4)
    assert estate.night(first) == []
    columns = "(service, metric, grain, kind, from_utc, is_open)"
    estate.do(
        f"insert into series_break {columns} values (?, ?, ?, ?, ?, ?)",
        ("search", "requests", "h", "outage", datetime(2026, 11, 16, 4), True),
        ("search", "requests", "d", "outage", datetime(2026, 11, 17), True),
        ("search", "cpu", "h", "step", datetime(2026, 11, 17), True),
        ("media", "requests", "h", "outage", datetime(2026, 11, 1), False),
    )
    assert estate.night(second) == ["plimsoll 2026-11-17: load is gone"]
    assert estate.receiver.notices[-1]["message"] == "- requests of search is gone since 2026-11-16 04:00 UTC"
    assert estate.night(third) == []
    estate.do("update series_break set is_open = false")
    assert estate.night(fourth) == ["plimsoll 2026-11-19: load is back"]


def test_a_finding_whose_table_is_not_there_is_left_out(estate):
    estate.risk(MONDAY, "checkout")
    with open_warehouse(estate.settings.warehouse.path) as con:
        found = notices._found(con, notices.Finding("open_outage", "no_such_table", "gone", "back"), MONDAY)
    assert found == {}


def test_the_digest_comes_once_a_week_by_team(estate):
    notice = estate.settings.notify.model_copy(update={"digest": "mon", "team_urls_env": {"payments": "PAYMENTS"}})
    estate.settings = estate.settings.model_copy(update={"notify": notice})
    for day in days(8):
        estate.risk(day, "checkout")
    sent = [[title for title in estate.night(day) if "the week" in title] for day in days(8)]
    week = ["plimsoll: the week to 2026-11-16", "plimsoll: the week to 2026-11-16, payments"]
    again = ["plimsoll: the week to 2026-11-23", "plimsoll: the week to 2026-11-23, payments"]
    assert sent == [week, [], [], [], [], [], [], again]
    digests = [notice for notice in estate.receiver.notices if "the week" in notice["title"]]
    assert digests[0]["message"] == "payments\n- high risk: breach of checkout (cpu)"
    assert digests[1]["message"] == "- high risk: breach of checkout (cpu)"


def test_a_digest_that_was_missed_on_its_day_comes_on_the_next(estate):
    notice = estate.settings.notify.model_copy(update={"digest": "mon"})
    estate.settings = estate.settings.model_copy(update={"notify": notice})
    wednesday = MONDAY + timedelta(days=2)
    assert estate.night(wednesday) == [f"plimsoll: the week to {wednesday}"]
    assert estate.night(wednesday + timedelta(days=1)) == []


def test_a_receiver_that_is_down_is_told_when_it_is_up_again(estate, monkeypatch):
    estate.risk(MONDAY, "checkout")
    monkeypatch.setenv("NOTICES", "json://127.0.0.1:9")
    assert estate.night(MONDAY) == []
    monkeypatch.setenv("NOTICES", estate.receiver.apprise)
    assert estate.night(MONDAY) == ["plimsoll 2026-11-16: new high risks"]
