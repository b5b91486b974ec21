"""Load unlike itself: each hour against what was expected of it, on a scale of how wrong expectations have been.

An hour is expected to be the middle of the last hours, of that hour on the last days, or of that hour of the week in
the last weeks: whichever has been nearest for two weeks. Its error is held against the errors of the four weeks
before: an alert is beyond both REACH times their fourth largest daily peak and SURE robust deviations, so that a series
that errs often is left alone and one that never does is heard at once. What alerted is not learnt from, until it has
gone on for two weeks and is the new normal. Nothing at or after an hour is used for it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import mean, median

Floats = NDArray[np.float32]

HOURS, DAY, WEEK = 6, 24, 168
DAYS, WEEKS = 5, 4  # lags whose middle is expected
JUDGED_DAYS = 14  # over which the nearest expectation is chosen
ERROR_DAYS = 28  # over which errors are collected
FIRST_DAYS = 2  # without errors to hold it against no hour is judged
RANK = 3  # the fourth largest daily peak: three odd days in four weeks are nothing new
REACH = 1.3
SURE = 6.0
ROBUST = 1.4826  # of a normal distribution: median absolute error to standard deviation
CLEAN_DAYS = 14  # days with an alert stay out of the errors as long as this many others remain
PART = 0.5  # of the edge: hours beyond it on a day with an alert are part of it
SAME = 0.5  # of an error: what was not there a week before, at most, for it to be the week's own
BETWEEN = 3  # alerts at most on the six days between, for what comes again a week later to be the week's own
ADOPTED_DAYS = 14  # alerts on so many days of the last ADOPTED_DAYS + 2 are the new normal
AROUND = 24  # hours: alerts so near to each other are one episode


@dataclass(frozen=True)
class Judged:
    """By series and hour: what was expected, and how far outside it was; 1 alerts, NaN is not known.

    `edge` is the error that alerts, by series and hour; NaN while there are no errors to hold one against.
    """

    expected: Floats
    score: Floats
    edge: Floats

    def of(self, row: int) -> "Judged":
        """Return one series, by hour."""
        return Judged(self.expected[row], self.score[row], self.edge[row])


@dataclass(frozen=True)
class Episode:
    """Hours [start, end) of a series; `is_open` where it reaches to within AROUND hours of the newest hour."""

    row: int
    start: int
    end: int
    is_open: bool
    score: float


def judge(y: Floats) -> Judged:
    """Judge the hours of series (series, hour), the first hour at midnight; missing is NaN."""
    series, hours = y.shape
    days = -(-hours // DAY)
    flat = _fold(_middle_of_lags(np.asarray(y, dtype=np.float32)), days)
    y = _fold(np.asarray(y, dtype=np.float32), days)
    learnt = y.copy()  # without what alerted
    expected, score = np.full(y.shape, np.nan, dtype=np.float32), np.full(y.shape, np.nan, dtype=np.float32)
    edges = np.full((series, days), np.nan, dtype=np.float32)
    errors = np.full((3, series, days), np.nan, dtype=np.float32)  # of each way to expect, mean over days without alert
    peak, usual = np.full((series, days), np.nan, dtype=np.float32), np.full((series, days), np.nan, dtype=np.float32)
    is_alert, is_weekly = np.zeros((series, days), dtype=bool), np.zeros((series, days), dtype=bool)
    for day in range(days):
        ways = np.stack([flat[:, day], _same_hour(learnt, day, 1, DAYS), _same_hour(learnt, day, 7, WEEKS)])
        expected[:, day] = _nearest(ways, errors[:, :, max(0, day - JUDGED_DAYS) : day])
        size = np.abs(y[:, day] - expected[:, day])
        if day >= FIRST_DAYS:
            past = slice(max(0, day - ERROR_DAYS), day)
            edge = _edge(peak[:, past], usual[:, past], is_alert[:, past])
            edges[:, day] = edge
            score[:, day] = np.where(edge[:, None] > 0, size / np.where(edge > 0, edge, 1)[:, None], np.nan)
            recurs = _recurs(y, score, is_alert, is_weekly, edge, day)
            is_weekly[recurs, day] = True
            learnt[recurs, day - 7] = y[recurs, day - 7]
            score[recurs, day] = np.minimum(score[recurs, day], 1)
        peak[:, day], usual[:, day] = _largest(size), median(size, axis=-1)
        is_alert[:, day] = (score[:, day] > 1).any(axis=1)
        errors[:, :, day] = np.where(is_alert[:, day], np.nan, mean(np.abs(y[:, day] - ways), axis=-1))
        odd = is_alert[:, day, None] & (score[:, day] > PART)
        learnt[:, day] = np.where(odd, expected[:, day], y[:, day])
        recent = slice(max(0, day - ADOPTED_DAYS - 1), day + 1)
        adopted = is_alert[:, recent].sum(axis=1) >= ADOPTED_DAYS
        learnt[adopted, recent], is_alert[adopted, recent] = y[adopted, recent], False
    by_hour = (each.reshape(series, -1)[:, :hours] for each in (expected, score, np.repeat(edges, DAY, axis=1)))
    return Judged(*by_hour)


def episodes(score: Floats, excess: Floats, declared: NDArray[np.bool_]) -> list[Episode]:
    """Return the alerts of scores (series, hour), those within AROUND hours of each other as one.

    What is `declared` (an event) and what is not are apart, however near; and so is more from less than expected
    (`excess`) while it is declared: an outage in a sale is not the sale.
    """
    alerts = []
    hours = score.shape[1]
    for row in np.flatnonzero((score > 1).any(axis=1)):
        hits = np.flatnonzero(score[row] > 1)
        sign = np.where(declared[row, hits], np.sign(excess[row, hits]), 0)
        apart = (np.diff(hits) > AROUND) | np.diff(declared[row, hits]) | (sign[1:] * sign[:-1] < 0)
        for part in np.split(hits, np.flatnonzero(apart) + 1):
            first, last = int(part[0]), int(part[-1])
            top = float(np.nanmax(score[row, first : last + 1]))
            alerts.append(Episode(int(row), first, last + 1, last + AROUND >= hours, top))
    return alerts


def _fold(y: Floats, days: int) -> Floats:
    """(series, hour) as (series, day, hour of day)."""
    padded = np.pad(y, ((0, 0), (0, days * DAY - y.shape[1])), constant_values=np.nan)
    return padded.reshape(len(y), days, DAY)


def _middle_of_lags(y: Floats) -> Floats:
    """Median of the HOURS before each hour as far as known."""
    planes = [np.full(y.shape, np.nan, dtype=np.float32) for _ in range(HOURS)]
    for lag, plane in enumerate(planes, 1):
        plane[:, lag:] = y[:, :-lag]
    return _middle_of_planes(planes)


def _same_hour(learnt: Floats, day: int, step: int, count: int) -> Floats:
    """Median (series, hour of day) of the same hours `step` days apart, `count` of them, as far as known."""
    places = [day - step * lag for lag in range(1, count + 1) if day >= step * lag]
    if not places:
        return np.full(learnt[:, day].shape, np.nan, dtype=np.float32)
    return _middle_of_planes([learnt[:, place] for place in places])


def _nearest(ways: Floats, errors: Floats) -> Floats:
    """Of the ways to expect (way, series, hour) the one that erred least by series; those before it where unknown."""
    known = ~np.isnan(errors)
    count = known.sum(axis=2)
    usual = np.where(count > 0, np.where(known, errors, 0).sum(axis=2) / np.maximum(count, 1), np.inf)
    best, nearest = ways[0], np.broadcast_to(usual[0][:, None], ways[0].shape)
    for way, error in zip(ways[1:], usual[1:], strict=True):
        is_better = ~np.isnan(way) & ((error[:, None] < nearest) | np.isnan(best))
        best, nearest = np.where(is_better, way, best), np.where(is_better, error[:, None], nearest)
    result: Floats = best
    return result


def _edge(peak: Floats, usual: Floats, is_alert: NDArray[np.bool_]) -> Floats:
    """How large an error alerts, by series, from the largest and the usual error of each day before."""
    largest = _ranked(_clean(peak, is_alert))
    result: Floats = np.fmax(REACH * largest, SURE * ROBUST * median(_clean(usual, is_alert), axis=-1))
    return result


def _recurs(  # noqa: PLR0913, PLR0917 - what was measured and judged, and where it is
    y: Floats, score: Floats, is_alert: NDArray[np.bool_], is_weekly: NDArray[np.bool_], edge: Floats, day: int
) -> NDArray[np.bool_]:
    """Tell which series do on a day what alerted a week before and not since: that is their week, and no alert."""
    if day < 7:  # noqa: PLR2004 - days of a week
        return np.zeros(len(y), dtype=bool)
    before = is_alert[:, day - 7] | is_weekly[:, day - 7]
    again = (score[:, day] > 1).any(axis=1) & before & (is_alert[:, day - 6 : day].sum(axis=1) <= BETWEEN)
    apart = np.abs(y[:, day] - y[:, day - 7])
    same = np.maximum(edge[:, None], SAME * score[:, day] * edge[:, None])  # a busier day of the week errs by more
    result: NDArray[np.bool_] = again & ~((apart > same) & (score[:, day] > 1)).any(axis=1)
    return result


def _clean(values: Floats, is_alert: NDArray[np.bool_]) -> Floats:
    """Leave days with an alert out where enough others remain: the rest of a long episode is no habit."""
    enough = ((~is_alert) & ~np.isnan(values)).sum(axis=1) >= CLEAN_DAYS
    result: Floats = np.where(is_alert & enough[:, None], np.float32(np.nan), values)
    return result


def _ranked(peaks: Floats) -> Floats:
    """Return the (RANK + 1)th largest of each row, the smallest where there are fewer; NaN where there is none."""
    ordered = -np.sort(-peaks, axis=1)  # NaN last
    place = np.clip((~np.isnan(peaks)).sum(axis=1) - 1, 0, RANK)
    result: Floats = ordered[np.arange(len(peaks)), place]
    return result


def _largest(values: Floats) -> Floats:
    known = ~np.isnan(values)
    return np.where(known.any(axis=-1), np.where(known, values, 0).max(axis=-1), np.float32(np.nan))


def _middle_of_planes(planes: list[Floats]) -> Floats:
    """Median element by element; odd-even transposition sorts whole planes with two passes over memory a step."""
    seen = np.sum([~np.isnan(plane) for plane in planes], axis=0)
    planes = [np.where(np.isnan(plane), np.float32(np.inf), plane) for plane in planes]
    for turn in range(len(planes)):
        for left in range(turn % 2, len(planes) - 1, 2):
            low = np.minimum(planes[left], planes[left + 1])
            planes[left], planes[left + 1] = low, np.maximum(planes[left], planes[left + 1])
    stack = np.stack(planes)
    low = np.take_along_axis(stack, (np.maximum(seen - 1, 0) // 2)[None], axis=0)[0]
    high = np.take_along_axis(stack, np.minimum(seen // 2, len(planes) - 1)[None], axis=0)[0]
    return np.where(seen > 0, (low + high) / 2, np.float32(np.nan))
