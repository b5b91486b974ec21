"""A back-fill goes on where it was stopped; nights here only say that they are done."""

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from data.warehouse import open_warehouse
from flows.backfill import backfill
from flows.night import INGEST_BILLS, run_night
from flows.record import Night, end_night
from flows.settings import read_settings
from tests.data.billing.export import line, write_execution

DAYS = (date(2026, 11, 1), date(2026, 11, 6))


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 25)

    def now(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


def run(
    config: Path, clock: Clock, stop_at: date | None = None, error: type[BaseException] = KeyboardInterrupt
) -> list[int]:
    """Back-fill until a night is stopped; return the days of the nights that were begun."""
    begun: list[int] = []

    def steps(night: Night) -> None:
        begun.append(night.as_of.day)
        if night.as_of == stop_at:
            raise error
        end_night(night, "done")

    settings = read_settings(config)
    if stop_at:
        with pytest.raises(error):
            backfill(config, settings, DAYS, clock.now, steps)
    else:
        backfill(config, settings, DAYS, clock.now, steps)
    return begun


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError])
def test_a_backfill_that_was_stopped_repeats_no_night_that_it_had_done(fresh_estate, clock, error):
    class Stop(error):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__("stopped")

    assert run(fresh_estate, clock, date(2026, 11, 4), Stop) == [1, 2, 3, 4]
    assert run(fresh_estate, clock, date(2026, 11, 5), Stop) == [4, 5]
    assert run(fresh_estate, clock) == [5, 6]


def test_its_last_night_publishes_and_scores_them_all_and_ends_it(fresh_estate, clock):
    seen: list[tuple[int, bool, date | None]] = []

    def steps(night: Night) -> None:
        seen.append((night.as_of.day, night.is_published, night.scored_from))
        end_night(night, "done")

    backfill(fresh_estate, read_settings(fresh_estate), DAYS, clock.now, steps)
    assert seen == [(day, False, None) for day in (1, 2, 3, 4, 5)] + [(6, True, DAYS[0])]
    assert run(fresh_estate, clock) == [1, 2, 3, 4, 5, 6], "asked for again, it is made anew"


def test_nights_of_another_backfill_or_of_no_backfill_do_not_count(fresh_estate, clock):
    def steps(night: Night) -> None:
        end_night(night, "done")

    backfill(fresh_estate, read_settings(fresh_estate), (date(2026, 11, 2), date(2026, 11, 4)), clock.now, steps)
    assert run(fresh_estate, clock) == [1, 2, 3, 4, 5, 6]


def test_nights_of_another_version_are_made_anew(fresh_estate, clock):
    assert run(fresh_estate, clock, date(2026, 11, 4)) == [1, 2, 3, 4]
    with duckdb.connect(str(fresh_estate.parent / ".run/plimsoll.duckdb")) as con:
        con.execute("update night set version = '0.0.1'")
    assert run(fresh_estate, clock) == [1, 2, 3, 4, 5, 6]


def test_its_nights_see_bills_as_they_were_known_then_and_the_last_one_as_they_are(tmp_path, clock):
    for execution, cost in (
        ("2026-10-31T04:00:00Z-1", 10),
        ("2026-11-02T04:00:00Z-2", 20),
        ("2026-11-09T04:00:00Z-3", 33),
    ):
        write_execution(tmp_path / "focus", date(2026, 10, 1), execution, [line(cost)])
    config = tmp_path / "plimsoll.toml"
    config.write_text('[[billing]]\nkind = "focus"\nname = "aws"\nuri = "focus"\n', encoding="utf-8")
    settings = read_settings(config)
    seen: list[int] = []

    def steps(night: Night) -> None:
        run_night(night, lambda calls: [step.call(*arguments) for step, arguments in calls if step is INGEST_BILLS])
        with open_warehouse(settings.warehouse.path) as con:
            seen.extend(int(cost) for (cost,) in con.execute("select sum(effective_cost) from charge_day").fetchall())

    backfill(config, settings, (date(2026, 11, 1), date(2026, 11, 4)), clock.now, steps)
    assert seen == [10, 10, 20, 33]
