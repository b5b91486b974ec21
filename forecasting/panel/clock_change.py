"""Which clock a series follows, told by what it did when clocks changed.

After a change the last weeks are held against the weeks before it twice: at the same moment of the week in UTC, and at
the same time on the wall. A series follows the clock where the wall foresees it clearly better, and where the same
step, tried at a few weeks without a change, foresees it worse: what wanders passes the first test now and then, and
not the second. Zones that change on the same night cannot be told apart and need not be: the first one stands for them.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.options import ForecastOptions
from forecasting.panel.grain import DAY, MINUTES, is_within_day
from forecasting.panel.series import Panel
from forecasting.panel.zones import UTC, minutes_ahead, zone_of_country

Floats = NDArray[np.float64]

# One zone for each night of the year on which clocks change somewhere.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Pacific/Auckland",
    "America/Santiago",
    "Asia/Jerusalem",
    "Africa/Cairo",
    "Australia/Lord_Howe",
)
EVERYONE = "*"
CLEAR = 0.15  # of the error by UTC that the clock has to take away
ALIKE = 0.05  # gains closer than this are of one night: clocks change there hours apart
FEWEST_HOURS = 36  # measured since a change
LONGEST_WEEKS = 2  # since a change that are looked at
WEEKS_BEFORE = 3  # that the weeks since are held against
PLACEBO_WEEKS = (2, 3, 4)  # before a change, where no clock changed


def follow_clocks(panel: Panel, opts: ForecastOptions) -> list[str | None]:
    """Time zone of each series: as told, else of its country, else as its data say; None where nothing tells.

    A country's clock is not followed where the data say that the series does not.
    """
    zones = [opts.timezone.get(str(service), opts.timezone.get(EVERYONE)) for service in panel.ids["service"]]
    countries = [opts.country.get(str(service), opts.country.get(EVERYONE)) for service in panel.ids["service"]]
    if is_within_day(panel.grain):
        for country in sorted({c for c, zone in zip(countries, zones, strict=True) if c and not zone}):
            zone = zone_of_country(country) or UTC
            rows = [k for k, c in enumerate(countries) if c == country and not zones[k]]
            against = clock_gain(_rows(panel, rows), zone) < -CLEAR
            for row, is_against in zip(rows, against.tolist(), strict=True):
                zones[row] = UTC if is_against else zone
        rest = [k for k, zone in enumerate(zones) if not zone]
        for row, inferred in zip(rest, infer_zones(_rows(panel, rest)), strict=True):
            zones[row] = inferred
    return zones


def infer_zones(panel: Panel) -> list[str | None]:
    """Zone that each series follows by the evidence of the panel; None where no change of clocks shows."""
    gains = np.stack([clock_gain(panel, zone) for zone in ZONES])
    gains = np.where(np.isnan(gains), -np.inf, gains)
    best = (gains >= gains.max(axis=0) - ALIKE).argmax(axis=0)
    return [ZONES[zone] if gains[zone, row] > CLEAR else None for row, zone in enumerate(best.tolist())]


def clock_gain(panel: Panel, zone: str) -> Floats:
    """Share (series) of the error since the clocks of `zone` changed that following them takes away.

    Below zero where following them makes it worse; NaN where no change can be judged, or where what looks like
    following is what the series does in other weeks too.
    """
    columns = panel.y.shape[1]
    minutes = minutes_ahead(panel.times, zone)
    by_utc, by_wall = np.zeros(len(panel.y)), np.zeros(len(panel.y))
    placebo = np.full(len(panel.y), -np.inf)
    changes: list[tuple[int, float]] = []
    least = FEWEST_HOURS * DAY[panel.grain] // 24
    for change in (np.flatnonzero(np.diff(minutes)) + 1).tolist():
        step = float(minutes[change] - minutes[change - 1]) / MINUTES[panel.grain]
        if columns - change < least or change < 2 * panel.season:
            continue
        utc, wall = _misses(panel, change, step)
        judged = ~np.isnan(utc) & ~np.isnan(wall)
        by_utc += np.where(judged, utc, 0.0)
        by_wall += np.where(judged, wall, 0.0)
        changes.append((change, step))
    gain = 1 - nanstats.ratio(by_wall, by_utc)
    likely = np.flatnonzero(gain > CLEAR).tolist()  # few: the others need no second test
    for change, step in changes if likely else []:
        for weeks in PLACEBO_WEEKS:
            utc, wall = _misses(_rows(panel, likely), change - weeks * panel.season, step)
            placebo[likely] = np.fmax(placebo[likely], 1 - nanstats.ratio(wall, utc))
    return np.where((gain > 0) & ~(np.isfinite(placebo) & (placebo < 0)), np.nan, gain)


def _rows(panel: Panel, rows: list[int]) -> Panel:
    return replace(panel, ids=panel.ids.iloc[rows], y=panel.y[rows])


def _misses(panel: Panel, change: int, step: float) -> tuple[Floats, Floats]:
    """Mean absolute error (series) since column `change` by UTC and by a clock that moved `step` then."""
    nothing = np.full(len(panel.y), np.nan)
    week = panel.season
    length = min(LONGEST_WEEKS * week, panel.y.shape[1] - change)
    if change < 2 * week:
        return nothing, nothing
    since = np.arange(length)
    before = np.stack([change + since - (k + since // week) * week for k in range(1, WEEKS_BEFORE + 1)])
    truth = panel.y[:, change : change + length]
    low = int(np.floor(step))
    part = step - low

    def miss(offsets: list[tuple[int, float]]) -> Floats:
        past = np.zeros((len(panel.y), *before.shape))
        for offset, share in offsets:
            place = before + offset
            usable = (place >= 0) & (place < change)
            past += share * np.where(usable, panel.y[:, np.clip(place, 0, panel.y.shape[1] - 1)], np.nan)
        expected = nanstats.mean(past, axis=1)
        gap = truth - expected
        level = nanstats.median(gap, axis=1)[:, None]
        return nanstats.mean(np.abs(gap - level), axis=1, fewest=length / 2)

    offsets = [(low, 1 - part), (low + 1, part)] if part else [(low, 1.0)]
    return miss([(0, 1.0)]), miss(offsets)
