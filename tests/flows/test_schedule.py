"""When nights are due and which were missed: time zones, clock changes, long outages."""

from datetime import date, datetime

import pytest

from flows.schedule.due import due_after, due_before, missed
from flows.settings import Schedule

BERLIN = Schedule(cron="30 2 * * *", timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("schedule", "moment", "due"),
    [
        (Schedule(), datetime(2026, 11, 20, 1, 59), datetime(2026, 11, 20, 2)),
        (Schedule(), datetime(2026, 11, 20, 2, 0), datetime(2026, 11, 21, 2)),
        (BERLIN, datetime(2026, 7, 1, 0, 0), datetime(2026, 7, 1, 0, 30)),
        (BERLIN, datetime(2026, 12, 1, 0, 0), datetime(2026, 12, 1, 1, 30)),
        (BERLIN, datetime(2026, 3, 28, 2, 0), datetime(2026, 3, 29, 1, 0)),  # 02:30 is left out that day: at 03:00
        (Schedule(cron="0 2 1 * *"), datetime(2026, 11, 20), datetime(2026, 12, 1, 2)),
    ],
)
def test_the_next_night_is_due_by_the_clock_of_its_time_zone(schedule, moment, due):
    assert due_after(schedule, moment) == due


def test_an_hour_that_comes_twice_has_one_night():
    first = due_after(BERLIN, datetime(2026, 10, 24, 12))
    assert first == datetime(2026, 10, 25, 0, 30)
    assert due_after(BERLIN, first) == datetime(2026, 10, 26, 1, 30)


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 20, 2, 0), datetime(2026, 11, 20, 2, 0, 30), datetime(2026, 11, 21, 1)]
)
def test_the_last_night_was_due_at_or_before_the_moment(moment):
    assert due_before(Schedule(), moment) == datetime(2026, 11, 20, 2)


@pytest.mark.parametrize(
    ("schedule", "newest", "as_of", "days"),
    [
        (Schedule(), date(2026, 11, 19), date(2026, 11, 20), []),
        (Schedule(), date(2026, 11, 17), date(2026, 11, 20), [18, 19]),
        (Schedule(), None, date(2026, 11, 20), []),
        (Schedule(), date(2026, 11, 25), date(2026, 11, 20), []),
        (Schedule(catch_up_days=2), date(2026, 10, 1), date(2026, 11, 20), [18, 19]),
        (Schedule(catch_up_days=0), date(2026, 11, 1), date(2026, 11, 20), []),
        (Schedule(cron="0 2 * * 1-5"), date(2026, 11, 12), date(2026, 11, 17), [13, 16]),  # no night at the weekend
        (Schedule(cron="0 */6 * * *"), date(2026, 11, 17), date(2026, 11, 20), [18, 19]),  # four a day are one as_of
        (Schedule(cron="30 0 * * *", timezone="Asia/Tokyo"), date(2026, 11, 17), date(2026, 11, 20), [18, 19]),
    ],
)
def test_missed_nights_are_those_that_were_due_oldest_first(schedule, newest, as_of, days):
    assert missed(schedule, newest, as_of) == [date(2026, 11, day) for day in days]
