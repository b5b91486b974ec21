"""Forecast a panel: every model competes on every series, the best are combined, and the intervals are measured.

outcome = forecast(to_panel(frame, grain="h"), horizon=336)
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.backtest.contest import Rules, Verdict, actuals, contest, join
from forecasting.backtest.folds import Plan, plan_origins
from forecasting.backtest.leaderboard import Leaderboard
from forecasting.intervals import conformal as intervals
from forecasting.intervals.after_breaks import farther, to_spread, widen_after_breaks
from forecasting.intervals.moves_to_come import expect_moves, lasting
from forecasting.intervals.peaks import peak_quantiles
from forecasting.models import Model
from forecasting.models.cold_start import blend, borrow
from forecasting.models.fallback import rescue
from forecasting.models.short_history import LASTING
from forecasting.options import ForecastOptions
from forecasting.outcome import Missed, Outcome
from forecasting.panel.breaks.beginnings import begin_anew, without_zeros_before
from forecasting.panel.breaks.declared import declare
from forecasting.panel.breaks.find import find_breaks
from forecasting.panel.breaks.words import is_new_level
from forecasting.panel.calendar import add_calendar, forget_calendar, learn
from forecasting.panel.clock_change import follow_clocks
from forecasting.panel.day_effects import mark_days, marked_cells
from forecasting.panel.grain import DAY, is_within_day
from forecasting.panel.history import Floats, History, current_regime, to_history
from forecasting.panel.nights import zones_of_nights
from forecasting.panel.office_hours import suppose_zones
from forecasting.panel.series import Panel
from forecasting.panel.series_class import NEW_LEVEL, classify, expected_steps, wants_mean
from forecasting.panel.wall_clock import hold_both, if_followed, to_utc, to_wall, wall_clock
from forecasting.panel.zones import UTC
from forecasting.paths.simulate import correlations, origin_errors

BLOCK = 100  # series in one contest: bounds memory
REACH = 3.0  # widths of the seen range that a forecast may leave it by
DUST = 1e-10  # of the largest value that was measured: what is left of a level that moved to nothing
SLOW_GRAINS = ("d", "w", "m")

__all__ = ["ForecastOptions", "Outcome", "forecast"]


def forecast(panel: Panel, horizon: int, options: ForecastOptions | None = None) -> Outcome:
    """Forecast each series `horizon` steps past the panel's end, with 80 and 95 % intervals and the evidence."""
    if horizon < 1:
        raise ValueError(f"forecast: horizon is {horizon}, want at least one step")
    opts = options or ForecastOptions()
    known = follow_clocks(panel, opts)
    supposed = [None if zone else other for zone, other in zip(known, suppose_zones(panel, horizon), strict=True)]
    zones = [zone or other or UTC for zone, other in zip(known, supposed, strict=True)]
    clock = wall_clock(panel, zones, horizon)
    if clock is None:
        outcome = _by_calendar(panel, horizon, opts)
    else:
        by_wall = _by_calendar(to_wall(panel, clock), horizon + clock.steps_beyond(panel.y.shape[1]), opts)
        outcome = to_utc(by_wall, panel, clock, horizon)
        rows = np.array([zone is not None for zone in supposed])
        outcome = replace(outcome, bands=hold_both(outcome.bands, by_wall.bands[:, :, :horizon], rows))
    if any(zone == UTC and not told for zone, told in zip(zones, known, strict=True)):
        at_night = zones_of_nights(panel, horizon)
        open_to = [z if not (told or other) else None for z, told, other in zip(at_night, known, supposed, strict=True)]
        if any(open_to):
            rows = np.array([zone is not None for zone in open_to])
            bands = hold_both(outcome.bands, if_followed(outcome.bands, panel, open_to), rows)
            outcome = replace(outcome, bands=bands)
    followed = zones if is_within_day(panel.grain) else [None] * len(zones)
    return replace(outcome, notes=outcome.notes.assign(timezone=pd.Series(followed, dtype=object)))


def _by_calendar(panel: Panel, horizon: int, opts: ForecastOptions) -> Outcome:
    """Forecast without what days of the month and of the year do, and put that on afterwards."""
    learnt = learn(panel, horizon, opts)
    if learnt is None:
        return _forecast(panel, horizon, opts)
    outcome = _forecast(forget_calendar(panel, learnt), horizon, opts)
    return _within_reach(add_calendar(outcome, panel, learnt, opts))


def _within_reach(outcome: Outcome) -> Outcome:
    """Keep what a calendar multiplied within reach of what was measured, as everything else is."""
    low, high, width = _range(outcome.panel.y)
    reach = (low - REACH * width, high + REACH * width)
    bands = np.clip(outcome.bands, *(bound[None, :, None] for bound in reach))
    return replace(outcome, bands=bands)


def _forecast(panel: Panel, horizon: int, opts: ForecastOptions) -> Outcome:
    """Forecast a panel whose columns are what the models take for hours of the day."""
    total = panel.y.shape[1]
    measured, panel = panel, without_zeros_before(panel)
    calendar = mark_days(panel, horizon, opts)
    marked = None if calendar is None else marked_cells(calendar, panel)
    found = find_breaks(panel.y if marked is None else np.where(marked, np.nan, panel.y), panel.grain)
    panel, of_series = begin_anew(measured, panel, declare(found, panel, opts.breaks))
    history = to_history(panel, np.arange(len(panel.y)), total, found=of_series)
    classes = classify(history)
    fresh = [is_new_level(breaks, total, DAY[panel.grain]) for breaks in of_series]
    judged = ~np.isin(classes, ["empty", "stopped", "flat"])
    plans = plan_origins(np.where(judged, total - history.first, 0), total, horizon, panel.grain, opts.origins)
    origins = max([1, *(len(plan.origins) for plan in plans)])
    leaderboard = Leaderboard.empty(panel, horizon, origins, calendar, of_series)
    for plan in plans:
        for rows, models in _by_models(panel, plan.rows, opts):
            if plan.origins:
                _play(leaderboard, plan, rows, models, opts)
    _cold_start(leaderboard, history, classes, opts)
    _rescue(leaderboard, history, classes, opts)
    named = np.where(fresh & np.isin(classes, ["stable", "spiky"]), NEW_LEVEL, classes)
    outcome = leaderboard.outcome(named, np.isfinite(panel.y).sum(axis=1), opts)
    return replace(outcome, panel=measured, expected=expected_steps(panel, horizon))


def _by_models(
    panel: Panel, rows: NDArray[np.intp], opts: ForecastOptions
) -> list[tuple[NDArray[np.intp], tuple[Model, ...]]]:
    """Series that compete in the same models: the slow ones only where they are cheap or asked for."""
    small = panel.grain in SLOW_GRAINS and len(panel.y) <= opts.slow_series
    slow = np.isin(panel.ids["service"].to_numpy()[rows], opts.thorough_services) | small
    groups = [(rows[slow], opts.models + opts.slow_models), (rows[~slow], opts.models)]
    return [group for group in groups if len(group[0])]


def _play(
    leaderboard: Leaderboard, plan: Plan, rows: NDArray[np.intp], models: tuple[Model, ...], opts: ForecastOptions
) -> None:
    """Contest, intervals and vintages of some series of one plan, onto the leaderboard."""
    marked = None if leaderboard.calendar is None else marked_cells(leaderboard.calendar, leaderboard.panel)[rows]
    breaks = [leaderboard.breaks[row] for row in rows.tolist()]
    history = to_history(leaderboard.panel, rows, min(plan.origins), marked, breaks)
    is_cost = leaderboard.panel.ids["metric"].astype(str).str.startswith("cost_").to_numpy(dtype=bool)[rows]
    verdicts = []
    for block in (slice(k, k + BLOCK) for k in range(0, len(rows), BLOCK)):
        part = history.take(block)
        averaged = wants_mean(part.y, is_cost[block])
        verdicts.append(contest(part, plan, leaderboard.horizon, Rules(models, opts.keep, averaged)))
    verdict = join(verdicts)
    leaderboard.kept.update(zip(rows.tolist(), verdict.kept, strict=True))
    leaderboard.seconds[rows] = verdict.seconds / len(rows)
    end = history.x.shape[1]
    residuals = intervals.to_level(verdict.residuals, history, plan.origins, end)
    residuals = to_spread(residuals, history, plan.origins)
    ratio = intervals.ratios(residuals, plan.origins, history.seasons[0])
    factors = leaderboard.factors(rows, end, leaderboard.horizon)
    bands = _bands(history, verdict.final * factors, (residuals, ratio), end, opts)
    settled = widen_after_breaks(bands, history)
    bands = expect_moves(settled, history)
    short, long = (lasting(part, settled, bands) for part in correlations(ratio))
    leaderboard.short[rows], leaderboard.long[rows] = short, long
    leaderboard.bands[:, rows] = _limited(bands, history, opts) * history.scale[:, None]
    moments = leaderboard.panel.times[list(plan.origins)]
    spare = intervals.naive_sizes(history, end)
    size = intervals.sizes(residuals, leaderboard.horizon, history.seasons[0], spare)
    peaks = peak_quantiles(actuals(history, plan), verdict.residuals, size, history, plan.origins)
    for row, errors, peak in zip(rows.tolist(), origin_errors(ratio), peaks * history.scale[:, None], strict=True):
        leaderboard.missed[row] = Missed(moments, errors, peak)
    _vintages(leaderboard, plan, rows, (history, verdict), opts)


def _vintages(
    leaderboard: Leaderboard, plan: Plan, rows: NDArray[np.intp], played: tuple[History, Verdict], opts: ForecastOptions
) -> None:
    history, verdict = played
    truth, now = actuals(history, plan), current_regime(history)
    back = slice(0, plan.horizon)
    for k, (combined, known) in verdict.vintages.items():
        place, origin = k - len(plan.origins), plan.origins[k]  # the newest vintage of every plan is the last
        season = max([s for s in history.seasons if s <= origin], default=1)
        steps = origin - season + np.arange(plan.horizon) % season
        earlier = [plan.origins[j] for j in plan.known_at(origin)]
        missed = intervals.to_level(known, history, earlier, origin)
        ratio = intervals.ratios(missed, earlier, history.seasons[0])
        mean = combined * leaderboard.factors(rows, origin, plan.horizon)
        bands = _bands(history, mean, (missed, ratio), origin, opts)
        leaderboard.vintages.bands[place][:, rows, back] = history.then(bands, origin - 1)
        # Errors of a level that is gone say nothing of the one that is forecast from.
        same = (history.regime[:, origin - 1] == now)[:, None]
        leaderboard.vintages.actual[place][rows, back] = history.then(np.where(same, truth[k], np.nan), origin - 1)
        leaderboard.vintages.naive[place][rows, back] = history.then(history.x[:, steps], origin - 1)
        leaderboard.vintages.made_on[place][rows] = leaderboard.panel.times[origin]


def _bands(history: History, mean: Floats, missed: tuple[Floats, Floats], until: int, opts: ForecastOptions) -> Floats:
    """(band, series, step), scaled and at today's level, from residuals and their ratios known before `until`."""
    residuals, ratio = missed
    spare = intervals.naive_sizes(history, until)
    size = intervals.sizes(residuals, mean.shape[1], history.seasons[0], spare)
    low, high = _limits(history, until, opts)
    mean = np.clip(mean, low[:, None], high[:, None])
    edges = intervals.bounds(mean, size, intervals.ratio_quantiles(ratio), low)
    lo95, lo80, hi80, hi95 = intervals.within(edges, mean, high)
    return np.stack([lo95, lo80, mean, hi80, hi95])


def _limited(bands: Floats, history: History, opts: ForecastOptions) -> Floats:
    """Keep bands (band, series, step) within reach of what was measured, whatever a break said."""
    low, high = _limits(history, history.x.shape[1], opts)
    for row, bound in farther(history).items():  # what is open or new may stay, or go back
        high[row] = np.fmax(high[row], bound)
    dust = DUST * np.nanmax(np.abs(history.raw), axis=1, initial=0.0)
    bands = np.where(np.abs(bands) < dust[:, None], 0.0, bands)
    lo95, lo80, mean, hi80, hi95 = np.maximum(bands, low[:, None])
    mean = np.minimum(mean, high[:, None])
    lo95, lo80, hi80, hi95 = intervals.within(np.stack([lo95, lo80, hi80, hi95]), mean, high)
    return np.stack([np.minimum(lo95, mean), np.minimum(lo80, mean), mean, hi80, hi95])


def _limits(history: History, until: int, opts: ForecastOptions) -> tuple[Floats, Floats]:
    """Lowest and highest scaled value that a forecast may take, by series: some widths beyond what was seen."""
    low, high, width = _range(history.y[:, :until])
    never_negative = low >= 0
    lowest, highest = low - REACH * width, high + REACH * width
    if until == history.x.shape[1]:  # at today's level, what was measured is a bound too
        low, high, width = _range(history.raw)
        never_negative = low >= 0
        lowest, highest = np.fmax(lowest, low - REACH * width), np.fmin(highest, high + REACH * width)
    floored = never_negative if opts.non_negative == "auto" else opts.non_negative
    return np.where(floored, 0.0, lowest), highest


def _range(y: Floats) -> tuple[Floats, Floats, Floats]:
    """Lowest, highest and width (series,) of what was seen; NaN where nothing was."""
    high = np.max(np.where(np.isnan(y), -np.inf, y), axis=1)
    low = np.min(np.where(np.isnan(y), np.inf, y), axis=1)
    low, high = np.where(low > high, np.nan, low), np.where(low > high, np.nan, high)  # nothing seen yet
    return low, high, np.maximum(high - low, np.maximum(np.abs(high), np.abs(low)))


def _cold_start(leaderboard: Leaderboard, history: History, classes: NDArray[np.str_], opts: ForecastOptions) -> None:
    """Lend newcomers the week of their peers."""
    metrics = leaderboard.panel.ids["metric"].to_numpy()
    low, high = _limits(history, history.x.shape[1], opts)
    for row in np.flatnonzero(classes == "new"):
        like = np.flatnonzero((metrics == metrics[row]) & np.isin(classes, ["stable", "spiky"]))
        peers = borrow(history, int(row), like, leaderboard.horizon)
        if peers is None:
            continue
        bands = blend(leaderboard.bands[:, row] / history.scale[row], peers)
        leaderboard.bands[:, row] = np.clip(bands, low[row], high[row]) * history.scale[row]
        leaderboard.short[row], leaderboard.long[row] = LASTING
        leaderboard.kept.setdefault(int(row), []).append("peers")
        leaderboard.reasons[int(row)] = f"under four weeks of history: the week of {peers.peers} like services, scaled"


def _rescue(leaderboard: Leaderboard, history: History, classes: NDArray[np.str_], opts: ForecastOptions) -> None:
    """Stand in for series that no candidate could forecast, with the reason."""
    for row in np.flatnonzero(~np.isfinite(leaderboard.bands).all(axis=(0, 2))):
        fallback = rescue(history, int(row), str(classes[row]), leaderboard.horizon)
        if fallback is None:
            leaderboard.reasons[int(row)] = "no value was ever measured: no forecast"
            continue
        low, high = _limits(history.take(slice(row, row + 1)), history.x.shape[1], opts)
        leaderboard.bands[:, row] = np.clip(fallback.bands, low, high) * history.scale[row]
        leaderboard.short[row], leaderboard.long[row] = LASTING
        leaderboard.kept[int(row)], leaderboard.reasons[int(row)] = [fallback.model], fallback.reason
