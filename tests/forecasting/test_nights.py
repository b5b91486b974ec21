"""Load that swings through the day may move with a clock that nothing tells: the outer interval holds both."""

import numpy as np
import pandas as pd
import pytest

from forecasting.options import ForecastOptions
from forecasting.panel.nights import zones_of_nights
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

AHEAD = 10 * 24
CHANGES = {  # zone: first moment of the history, its end two days before the clocks change
    "Europe/Berlin": ("2026-07-01", "2026-10-23"),
    "America/New_York": ("2026-08-01", "2026-10-30"),
    "Australia/Sydney": ("2026-07-01", "2026-10-01"),
}


def evenings(zone, start, end, seed=1):
    """Load of people who rest at four on the wall of a zone, by hours in UTC, and what came after `end`."""
    times = pd.date_range(start, pd.Timestamp(end) + pd.Timedelta(hours=AHEAD), freq="h", inclusive="left")
    local = times.tz_localize("UTC").tz_convert(zone)
    swing = 1 - 0.5 * np.cos(2 * np.pi * (local.hour - 4) / 24) + 0.1 * np.cos(4 * np.pi * (local.hour - 9) / 24)
    level = 100 * np.asarray(swing) * np.where(np.asarray(local.day_of_week) < 5, 1.0, 0.85)
    y = level * np.exp(np.random.default_rng(seed).normal(0, 0.04, (3, len(times))))
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "requests"})
    known = len(times) - AHEAD
    return Panel(ids, y[:, :known], np.datetime64(start, "us"), "h"), y[:, known:]


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("follows", [True, False])
def test_before_a_change_of_clocks_the_outer_interval_holds_both(zone, follows):
    start, end = CHANGES[zone]
    still = {"Europe/Berlin": "Etc/GMT-2", "America/New_York": "Etc/GMT+4", "Australia/Sydney": "Etc/GMT-10"}[zone]
    panel, truth = evenings(zone if follows else still, start, end)
    assert zones_of_nights(panel, AHEAD) == [zone] * 3
    outcome = forecast(panel, AHEAD)
    lo95, lo80, _, hi80, hi95 = outcome.bands
    assert ((truth >= lo95) & (truth <= hi95)).mean() > 0.9
    assert outcome.fit["timezone"].tolist() == ["UTC"] * 3
    if not follows:  # of what is more likely, the inner interval is no wider than it was
        assert ((truth >= lo80) & (truth <= hi80)).mean() == pytest.approx(0.8, abs=0.1)


def test_what_is_told_or_was_seen_before_holds_one_clock():
    start, end = CHANGES["Europe/Berlin"]
    panel, _ = evenings("Europe/Berlin", start, end)
    told = forecast(panel, AHEAD, ForecastOptions(timezone={"*": "UTC"})).bands
    assert np.mean(forecast(panel, AHEAD).bands[4] - told[4]) > 1
    seen, _ = evenings("Etc/GMT-2", "2026-02-01", end)
    assert zones_of_nights(seen, AHEAD) == [None] * 3


def test_a_job_at_an_hour_or_what_hardly_swings_keeps_its_interval():
    hour = np.arange(100 * 24) % 24
    noise = np.exp(np.random.default_rng(2).normal(0, 0.03, (3, len(hour))))
    levels = np.stack([np.where(hour == 3, 900.0, 100.0), 100 + 5 * np.sin(hour / 4), np.where(hour < 12, 9.0, 100.0)])
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "requests"})
    start = np.datetime64("2026-07-15", "us")
    assert zones_of_nights(Panel(ids, levels * noise, start, "h"), AHEAD)[:2] == [None] * 2
    assert zones_of_nights(Panel(ids, levels[:, :150], start, "h"), AHEAD) == [None] * 3
