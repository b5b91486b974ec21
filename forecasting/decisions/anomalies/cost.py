"""Cost unlike itself: each settled day of each cell (a service's product in a region) against what its load explains.

A day is expected to cost a + b x load, fitted on the eight weeks before, times what the cell's level and weekday add.
Its relative error is held against those of the same weeks, as for load (load.py), and alerts only where it is
also worth LEAST_SHARE of what the service costs a day. A day that alerts is not learnt from until it has gone on for
four weeks and is the new normal, or comes again a week later: then it is the week's own. What a cell has done apart
from its line at several times of late is its habit. Nothing at or after a day is used to judge it.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from forecasting.decisions.anomalies.cost_line import ROBUST, WEEK, are_rare, fit_line, on_line
from forecasting.nanstats import median

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]

FIT_DAYS, FIRST_DAYS = 56, 14
LEVEL_DAYS = 14
RANK, REACH, SURE = 3, 1.3, 6.0  # of errors, as in load.py
LEAST_RATIO = 0.10  # of the cell's expected cost
LEAST_SHARE = 0.04  # of what its service costs a day
NEVER_SHARE = 0.02  # a cell that never strays so far from its own line cannot alert
MOST_SCORE = 1000.0  # of what nothing was expected of
SEEN = 2  # weeks of the last eight: a cost that was seen on that day of the week is nothing new
PART = 0.4  # of the edge: days beyond it go on with an episode
ADOPTED_DAYS = 28  # an episode of so many days is the new normal
RECURS = 0.5  # of the excess: seen on the same day of the week or month before, a charge recurs
BETWEEN = 3  # days apart from the line at most on the six between, for what comes again a week later to be the week's
SLOW_DAYS, SLOW_RATIO = 28, 0.25  # a week's level against the line of four weeks ago: slow growth


@dataclass(frozen=True)
class JudgedCost:
    """By cell and day, in the currency: what was expected, and how far outside it was; above 1 alerts, signed.

    `edge` is the error that alerts, NaN where none could. `is_part` marks the days of episodes, `is_new` cells without
    cost before, `is_slow` days that stand out from the line of four weeks ago alone: that is what was expected then.
    """

    expected: Floats
    score: Floats
    edge: Floats
    is_part: Flags
    is_new: Flags
    is_slow: Flags

    def of(self, rows: Rows) -> "JudgedCost":
        """Return some of the rows."""
        return JudgedCost(*(getattr(self, one.name)[rows] for one in fields(self)))


@dataclass
class _State:
    """What is learnt of each cell while days pass."""

    errors: Floats  # relative, of days so far
    is_odd: Flags  # days that are not learnt from
    since: Rows  # first day that is learnt from
    sign: Floats  # of the running episode; 0 where there is none
    length: Rows  # of the running episode in days
    opened: Floats  # excess, without sign, of days that left the line; 0 of those that went on, and of others


def judge_cost(cost: Floats, load: Floats, usual: Floats, days: NDArray[np.datetime64]) -> JudgedCost:
    """Judge cells (cell, day); `load` is their service's (NaN: not known), `usual` what the service costs a day."""
    expected, score, edge = cost.copy(), np.zeros(cost.shape), np.full(cost.shape, np.nan)
    is_part, is_new, is_slow = (np.zeros(cost.shape, dtype=bool) for _ in range(3))
    rows = np.flatnonzero(_may_alert(cost, load, usual))
    if len(rows) and cost.shape[1] > FIRST_DAYS:
        judged = _judge(cost[rows], load[rows], usual[rows], days)
        expected[rows], score[rows], edge[rows] = judged.expected, judged.score, judged.edge
        is_part[rows], is_new[rows], is_slow[rows] = judged.is_part, judged.is_new, judged.is_slow
    return JudgedCost(expected, score, edge, is_part, is_new, is_slow)


def _may_alert(cost: Floats, load: Floats, usual: Floats) -> Flags:
    """Tell which cells stray from the line through all their days by as much as an alert needs."""
    fit = fit_line(cost, load, np.ones(cost.shape, dtype=bool))
    apart = np.abs(cost - on_line(fit, load))
    slow = np.abs(cost[:, -WEEK:].mean(axis=1) - cost[:, :WEEK].mean(axis=1))
    result: Flags = (np.maximum(apart.max(axis=1), slow)[:, None] > NEVER_SHARE * usual).any(axis=1)
    return result


def _judge(cost: Floats, load: Floats, usual: Floats, days: NDArray[np.datetime64]) -> JudgedCost:
    cells, count = cost.shape
    expected, score, edges = cost.copy(), np.zeros(cost.shape), np.full(cost.shape, np.nan)
    is_part, is_slow = np.zeros(cost.shape, dtype=bool), np.zeros(cost.shape, dtype=bool)
    of_old = cost.copy()  # what the line of four weeks ago expects
    started = np.where((cost > 0).any(axis=1), (cost > 0).argmax(axis=1), count)
    state = _State(
        errors=np.full(cost.shape, np.nan),
        is_odd=np.zeros(cost.shape, dtype=bool),
        since=np.where(started < FIRST_DAYS, started, 0),  # of what was there from the start; others are new
        sign=np.zeros(cells),
        length=np.zeros(cells, dtype=np.intp),
        opened=np.zeros(cost.shape),
    )
    month_before = _month_before(days)
    for day in range(FIRST_DAYS, count):
        window = slice(max(0, day - FIT_DAYS), day)
        learnt = ~state.is_odd[:, window] & (np.arange(day)[window] >= state.since[:, None])
        learnt &= ~are_rare(cost[:, window], learnt)
        fit = fit_line(cost[:, window], load[:, window], learnt)
        line = on_line(fit, load[:, day : day + 1])[:, 0]
        expected[:, day] = line * _factor(cost[:, window], on_line(fit, load[:, window]), learnt, day)
        excess = cost[:, day] - expected[:, day]
        errors = np.where(learnt, state.errors[:, window], np.nan)
        edge = np.maximum(_edge(errors) * np.abs(expected[:, day]), LEAST_SHARE * usual[:, day])
        edge = np.maximum(edge, REACH * _habit(state.opened[:, window]))
        edges[:, day] = edge
        score[:, day] = np.where(
            learnt.sum(axis=1) >= min(FIRST_DAYS, day) // 2,
            np.clip(excess / np.maximum(edge, 1e-9), -MOST_SCORE, MOST_SCORE),
            0.0,
        )
        stood_out = np.abs(score[:, day]) > 1  # what grows slowly was dearer a week or a month before too
        slow, of_old[:, day] = _slow(cost, load, state, day, score[:, day], usual[:, day])
        score[:, day] += slow
        if month_before[day] >= 0:
            before = cost[:, month_before[day]] - expected[:, month_before[day]]
            score[:, day] = np.where(stood_out & (excess > 0) & (before > RECURS * excess), 0.0, score[:, day])
        until = slice(window.start, day + 1)
        score[_is_seen(state, cost[:, until] - on_line(fit, load[:, until]), excess), day] = 0.0
        weekly = stood_out & _is_weekly(
            state, cost[:, day - WEEK] - expected[:, day - WEEK], excess, score[:, day], day
        )
        score[weekly, day] = 0.0
        state.is_odd[weekly, day - WEEK] = False
        is_part[:, day] = _go_on(state, score[:, day], day)
        is_slow[:, day] = is_part[:, day] & (slow != 0) & ~stood_out
        far = np.where(np.abs(excess) > LEAST_SHARE * usual[:, day], excess, 0.0)
        goes_on = far * (cost[:, day - 1] - expected[:, day - 1]) > PART * far**2
        state.opened[:, day] = np.where(goes_on, 0.0, np.abs(far))
        state.errors[:, day] = np.divide(
            excess, expected[:, day], out=np.full(cells, np.nan), where=np.abs(expected[:, day]) > 0
        )
        state.is_odd[:, day] = is_part[:, day]
    first_cost = np.arange(count)[None, :] - started[:, None]
    is_new = (started >= FIRST_DAYS)[:, None] & (first_cost >= 0) & (first_cost < ADOPTED_DAYS)
    return JudgedCost(np.where(is_slow, of_old, expected), score, edges, is_part, is_new, is_slow)


def _is_weekly(state: _State, before: Floats, excess: Floats, score: Floats, day: int) -> Flags:
    """Tell which cells do today what they did a week before and not since: `before` and `excess` in the currency."""
    same = (before * excess > 0) & (np.abs(before) > RECURS * np.abs(excess))
    between = state.is_odd[:, day - WEEK + 1 : day].sum(axis=1)
    result: Flags = same & (np.abs(score) > 1) & (between <= BETWEEN)
    return result


def _is_seen(state: _State, apart: Floats, excess: Floats) -> Flags:
    """Tell which cells were as far from today's line (`apart`, by day up to today) on SEEN of the same days of late.

    The running episode is no evidence for itself.
    """
    back = np.arange(WEEK, apart.shape[1], WEEK)
    same, today = apart[:, -1 - back], apart[:, -1:]
    as_far = np.where(excess[:, None] > 0, same >= today, same <= today) & (back > state.length[:, None])
    result: Flags = as_far.sum(axis=1) >= SEEN
    return result


def _habit(opened: Floats) -> Floats:
    """Return how far each cell has left its line at several times: the (RANK + 1)th largest."""
    result: Floats = np.partition(opened, -RANK - 1, axis=1)[:, -RANK - 1]
    return result


def _go_on(state: _State, score: Floats, day: int) -> Flags:
    """Open, continue and close episodes; what has become normal is learnt from its first day on."""
    goes_on = (state.sign != 0) & (score * state.sign > PART)
    opens = np.abs(score) > 1
    is_part = goes_on | opens
    same = goes_on & (~opens | (np.sign(score) == state.sign))
    state.length = np.where(same, state.length + 1, np.where(is_part, 1, 0))
    state.sign = np.where(same, state.sign, np.where(is_part, np.sign(score), 0.0))
    normal = state.length >= ADOPTED_DAYS
    if normal.any():
        first = day - ADOPTED_DAYS + 1
        state.since = np.where(normal, first, state.since)
        state.is_odd[normal, first : day + 1] = False
        state.errors[normal, first : day + 1] = np.nan
        state.sign, state.length = np.where(normal, 0.0, state.sign), np.where(normal, 0, state.length)
        is_part = is_part & ~normal
    result: Flags = is_part
    return result


def _factor(cost: Floats, line: Floats, learnt: Flags, day: int) -> Floats:
    """Return what the level of the last days and the weekday make of the line, as a ratio."""
    ratio = np.where(learnt & (line > 0), cost / np.where(line > 0, line, 1), np.nan)
    level = median(ratio[:, -LEVEL_DAYS:], axis=1)
    level = np.where(np.isnan(level), median(ratio, axis=1), level)
    level = np.where(np.isnan(level), 1.0, level)
    place = (np.arange(day - ratio.shape[1], day) - day) % WEEK == 0
    same = ratio[:, place]
    effect = median(same, axis=1) - median(ratio, axis=1)
    spread = ROBUST * median(np.abs(ratio - median(ratio, axis=1)[:, None]), axis=1)
    seen = np.maximum((~np.isnan(same)).sum(axis=1), 1)
    noise = np.divide(spread**2 / seen, effect**2, out=np.ones(len(cost)), where=np.abs(effect) > 0)
    effect = np.where(np.isnan(effect) | (seen < 3), 0.0, effect * np.clip(1 - noise, 0.0, 1.0))  # noqa: PLR2004 - three weeks
    result: Floats = np.maximum(level + effect, 0.0)
    return result


def _edge(errors: Floats) -> Floats:
    """How large a relative error alerts, by cell."""
    size = np.abs(errors)
    ordered = -np.sort(-size, axis=1)  # NaN last
    seen = (~np.isnan(size)).sum(axis=1)
    largest = ordered[np.arange(len(size)), np.clip(seen - 1, 0, RANK)]
    known = np.fmax(REACH * largest, SURE * ROBUST * median(size, axis=1))
    result: Floats = np.fmax(known, LEAST_RATIO)
    return result


def _slow(  # noqa: PLR0913, PLR0917 - what is known, what is learnt, and of which day
    cost: Floats, load: Floats, state: _State, day: int, score: Floats, usual: Floats
) -> tuple[Floats, Floats]:
    """Return what slow growth adds to a score, the last week against the line of four weeks ago, and that line.

    Growth alerts only where each of these weeks went further than the one before; what has alerted goes on without.
    """
    start, end = max(0, day - SLOW_DAYS - FIT_DAYS), day - SLOW_DAYS
    added, old = np.zeros(len(cost)), cost[:, day].copy()
    if end - start < SLOW_DAYS:
        return added, old
    week = slice(day - WEEK + 1, day + 1)
    apart = np.abs(cost[:, week].mean(axis=1) - cost[:, start:end].mean(axis=1))
    rows = np.flatnonzero(apart > PART * LEAST_SHARE * usual)  # others are not far enough, whatever their load
    if not len(rows):
        return added, old
    learnt = ~state.is_odd[rows, start:end] & (np.arange(start, end) >= state.since[rows, None])
    learnt &= ~are_rare(cost[rows, start:end], learnt)
    fit = fit_line(cost[rows, start:end], load[rows, start:end], learnt)
    strayed = cost[rows, start : day + 1] - on_line(fit, load[rows, start : day + 1])
    before = _weeks(np.where(learnt, strayed[:, : end - start], np.nan))
    since = _weeks(strayed[:, end - start + 1 :])
    excess, today = since[:, -1], strayed[:, -1]
    excess = np.where(today * excess > PART * excess**2, excess, 0.0)  # a week that was odd and is over is not growth
    line = cost[rows, week] - strayed[:, -WEEK:]
    edge = np.maximum(SLOW_RATIO * line.mean(axis=1), LEAST_SHARE * usual[rows])
    edge = np.fmax(edge, REACH * np.fmax.reduce(np.abs(before), axis=1))  # no further than weeks went before
    slow = np.where((learnt.sum(axis=1) >= SLOW_DAYS) & (edge > 0), excess / np.maximum(edge, 1e-9), 0.0)
    grows = (np.diff(since, axis=1) * excess[:, None] > 0).all(axis=1)
    slow = np.where(grows, slow, np.clip(slow, -1.0, 1.0))
    is_more = (np.abs(slow) > np.abs(score[rows])) & (slow * score[rows] >= 0)
    added[rows], old[rows] = np.where(is_more, slow - score[rows], 0.0), line[:, -1]
    return added, old


def _weeks(apart: Floats) -> Floats:
    """Return the middle day of each whole week (cell, week), the last one complete."""
    days = apart.shape[1] // WEEK * WEEK
    result: Floats = median(apart[:, apart.shape[1] - days :].reshape(len(apart), -1, WEEK), axis=2)
    return result


def _month_before(days: NDArray[np.datetime64]) -> NDArray[np.intp]:
    """Place of the same day of the month before (the last day for the last day); -1 where it is not among the days."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    number = (dates - months.astype("datetime64[D]")).astype(int)
    previous = (months - 1).astype("datetime64[D]")
    is_last = (dates + 1).astype("datetime64[M]") != months
    last = months.astype("datetime64[D]") - 1
    wanted = np.where(is_last, last, np.minimum(previous + number, last))
    place = (wanted - dates[0]).astype(np.intp)
    return np.where(place >= 0, place, -1)
