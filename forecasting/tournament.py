"""Forecast a panel: every model competes on every series, the best are combined, and the intervals are measured.

outcome = forecast(to_panel(frame, grain="h"), horizon=336)
"""

import numpy as np
from numpy.typing import NDArray

from forecasting.backtest.contest import Rules, Verdict, actuals, contest, join
from forecasting.backtest.folds import Plan, plan_origins
from forecasting.backtest.leaderboard import Leaderboard
from forecasting.intervals import conformal as intervals
from forecasting.models import Model
from forecasting.models.cold_start import blend, borrow
from forecasting.models.fallback import rescue
from forecasting.options import ForecastOptions
from forecasting.outcome import Missed, Outcome
from forecasting.panel.day_effects import mark_days, marked_cells
from forecasting.panel.history import Floats, History, to_history
from forecasting.panel.series import Panel
from forecasting.panel.series_class import ZERO_SHARE, classify
from forecasting.paths.simulate import correlations, origin_errors

BLOCK = 100  # series in one contest: bounds memory
REACH = 3.0  # widths of the seen range that a forecast may leave it by
SLOW_GRAINS = ("d", "w", "m")

__all__ = ["ForecastOptions", "Outcome", "forecast"]


def forecast(panel: Panel, horizon: int, options: ForecastOptions | None = None) -> Outcome:
    """Forecast each series `horizon` steps past the panel's end, with 80 and 95 % intervals and the evidence."""
    if horizon < 1:
        raise ValueError(f"forecast: horizon is {horizon}, want at least one step")
    opts = options or ForecastOptions()
    total = panel.y.shape[1]
    history = to_history(panel, np.arange(len(panel.y)), total)
    classes = classify(history)
    judged = ~np.isin(classes, ["empty", "stopped", "flat"])
    plans = plan_origins(np.where(judged, total - history.first, 0), total, horizon, panel.grain, opts.origins)
    origins = max([1, *(len(plan.origins) for plan in plans)])
    leaderboard = Leaderboard.empty(panel, horizon, origins, mark_days(panel, horizon, opts))
    for plan in plans:
        for rows, models in _by_models(panel, plan.rows, opts):
            if plan.origins:
                _play(leaderboard, plan, rows, models, opts)
    _cold_start(leaderboard, history, classes, opts)
    _rescue(leaderboard, history, classes, opts)
    return leaderboard.outcome(classes, np.isfinite(panel.y).sum(axis=1), opts)


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
    history = to_history(leaderboard.panel, rows, min(plan.origins), marked)
    verdicts = []
    for block in (slice(k, k + BLOCK) for k in range(0, len(rows), BLOCK)):
        part = history.take(block)
        zeros = (part.y[:, : min(plan.origins)] == 0).mean(axis=1) > ZERO_SHARE
        verdicts.append(contest(part, plan, leaderboard.horizon, Rules(models, opts.keep, zeros)))
    verdict = join(verdicts)
    leaderboard.kept.update(zip(rows.tolist(), verdict.kept, strict=True))
    leaderboard.seconds[rows] = verdict.seconds / len(rows)
    end = history.x.shape[1]
    residuals = intervals.to_level(verdict.residuals, history, plan.origins, end)
    ratio = intervals.ratios(residuals, plan.origins, history.seasons[0])
    factors = leaderboard.factors(rows, end, leaderboard.horizon)
    leaderboard.bands[:, rows] = _bands(history, verdict.final * factors, (residuals, ratio), end, opts)
    leaderboard.short[rows], leaderboard.long[rows] = correlations(ratio)
    moments = leaderboard.panel.times[list(plan.origins)]
    leaderboard.missed.update(
        (row, Missed(moments, errors)) for row, errors in zip(rows.tolist(), origin_errors(ratio), strict=True)
    )
    _vintages(leaderboard, plan, rows, (history, verdict), opts)


def _vintages(
    leaderboard: Leaderboard, plan: Plan, rows: NDArray[np.intp], played: tuple[History, Verdict], opts: ForecastOptions
) -> None:
    history, verdict = played
    truth, scale = actuals(history, plan), history.scale[:, None]
    season, back = history.seasons[-1], slice(0, plan.horizon)
    for k, (combined, known) in verdict.vintages.items():
        place, origin = k - len(plan.origins), plan.origins[k]  # the newest vintage of every plan is the last
        steps = origin - season + np.arange(plan.horizon) % season
        earlier = [plan.origins[j] for j in plan.known_at(origin)]
        missed = intervals.to_level(known, history, earlier, origin)
        ratio = intervals.ratios(missed, earlier, history.seasons[0])
        mean = combined * leaderboard.factors(rows, origin, plan.horizon)
        leaderboard.vintages.bands[place][:, rows, back] = _bands(history, mean, (missed, ratio), origin, opts)
        leaderboard.vintages.actual[place][rows, back] = truth[k] * scale
        leaderboard.vintages.naive[place][rows, back] = history.x[:, steps] * scale
        leaderboard.vintages.made_on[place][rows] = leaderboard.panel.times[origin]


def _bands(history: History, mean: Floats, missed: tuple[Floats, Floats], until: int, opts: ForecastOptions) -> Floats:
    """(band, series, step) in the unit of the metric, from residuals and their ratios known before column `until`."""
    residuals, ratio = missed
    size = intervals.sizes(residuals, mean.shape[1], history.seasons[0])
    low, high = _limits(history, until, opts)
    mean = np.clip(mean, low[:, None], high[:, None])
    edges = intervals.bounds(mean, size, intervals.ratio_quantiles(ratio), low)
    lo95, lo80, hi80, hi95 = np.minimum(edges, high[:, None])
    scaled: Floats = np.stack([lo95, lo80, mean, hi80, hi95]) * history.scale[:, None]
    return scaled


def _limits(history: History, until: int, opts: ForecastOptions) -> tuple[Floats, Floats]:
    """Lowest and highest scaled value that a forecast may take, by series."""
    y = history.y[:, :until]
    high = np.max(np.where(np.isnan(y), -np.inf, y), axis=1)
    low = np.min(np.where(np.isnan(y), np.inf, y), axis=1)
    low, high = np.where(low > high, np.nan, low), np.where(low > high, np.nan, high)  # nothing seen yet
    width = np.maximum(high - low, np.maximum(np.abs(high), np.abs(low)))
    floored = low >= 0 if opts.non_negative == "auto" else np.full(len(y), opts.non_negative)
    return np.where(floored, 0.0, low - REACH * width), high + REACH * width


def _cold_start(leaderboard: Leaderboard, history: History, classes: NDArray[np.str_], opts: ForecastOptions) -> None:
    """Lend newcomers the week of their peers."""
    metrics = leaderboard.panel.ids["metric"].to_numpy()
    low, high = _limits(history, history.x.shape[1], opts)
    for row in np.flatnonzero(classes == "new"):
        like = np.flatnonzero((metrics == metrics[row]) & np.isin(classes, ["stable", "spiky"]))
        found = borrow(history, int(row), like, leaderboard.horizon)
        if found is None:
            continue
        bands = blend(leaderboard.bands[:, row] / history.scale[row], found)
        leaderboard.bands[:, row] = np.clip(bands, low[row], high[row]) * history.scale[row]
        leaderboard.kept.setdefault(int(row), []).append("peers")
        leaderboard.reasons[int(row)] = f"under four weeks of history: the week of {found.peers} like services, scaled"


def _rescue(leaderboard: Leaderboard, history: History, classes: NDArray[np.str_], opts: ForecastOptions) -> None:
    """Stand in for series that no candidate could forecast, with the reason."""
    for row in np.flatnonzero(~np.isfinite(leaderboard.bands).all(axis=(0, 2))):
        found = rescue(history, int(row), str(classes[row]), leaderboard.horizon)
        if found is None:
            leaderboard.reasons[int(row)] = "no value was ever measured: no forecast"
            continue
        low, high = _limits(history.take(slice(row, row + 1)), history.x.shape[1], opts)
        leaderboard.bands[:, row] = np.clip(found.bands, low, high) * history.scale[row]
        leaderboard.kept[int(row)], leaderboard.reasons[int(row)] = [found.model], found.reason
