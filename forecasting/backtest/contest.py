"""One block of series through the contest: candidates at every origin, chosen by error, combined by their middle.

Nothing here sees a target it is judged on: the combination at an origin is chosen from other origins, and a vintage's
only from origins whose whole horizon had happened by then.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.backtest import selection
from forecasting.backtest.folds import Plan
from forecasting.models import Model
from forecasting.panel.breaks.find import find_breaks
from forecasting.panel.breaks.kinds import Break
from forecasting.panel.breaks.view import ahead
from forecasting.panel.grain import DAY
from forecasting.panel.history import Floats, History, with_breaks

Cells = NDArray[np.float32]  # forecasts of every candidate: half the memory of floats, far finer than any error

HUGE = 1e30
KNOWN_DAYS = 28  # after its end a break is known as it will always be
SEEN_ONCE, UNTRIED = 0.8, 0.5  # share of a long season's word: where it shows but was seen once; where no test spans it
SHOWS = 0.9  # of the short season's error, under which the long one shows
APART, FEW = 2.5, 3  # times how far a day usually lies from the middle one; days of a week that may, if it shows
FEWEST_APART = 3  # origins from which a choice is worth that of all the others


@dataclass(frozen=True)
class Verdict:
    """Results of one block in the scaled unit of its history."""

    final: Floats  # (series, horizon)
    residuals: Floats  # (origin, series, step): actual - combination chosen without that origin
    vintages: dict[int, tuple[Floats, Floats]]  # by origin index: forecast (series, step), residuals then known
    kept: list[list[str]]  # by series: the candidates that are combined, best first
    seconds: float


@dataclass(frozen=True)
class Rules:
    """How candidates are chosen."""

    models: Sequence[Model]
    keep: int  # candidates that are combined
    averaged: NDArray[np.bool_]  # series that want a mean: many of their values are zero


@dataclass(frozen=True)
class _Field:
    """The candidates of a block, and what they missed by at the origins."""

    names: list[str]
    cells: Cells  # (candidate, origin and then the end, series, step)
    errors: list[Floats]  # (candidate, origin, series): over the whole horizon, then over each stretch of it
    plan: Plan
    rules: Rules


def contest(history: History, plan: Plan, horizon: int, rules: Rules) -> Verdict:
    """Run every model at every origin and at the end of the history, and combine the best."""
    started = time.perf_counter()
    names, cells = _candidates(history, plan, rules.models, horizon)
    actual = _ordinary(history, plan, actuals(history, plan))
    field = _Field(names, cells, _errors(cells, actual, plan, rules), plan, rules)

    def residuals(of: list[int]) -> Floats:
        """Take each origin's residual with the combination that the others choose."""
        out = [actual[k] - _combined(field, k, _others(plan, of, k))[:, : plan.horizon] for k in of]
        return np.stack(out) if out else np.full((0, len(history.x), plan.horizon), np.nan)

    everything = list(range(len(plan.origins)))
    vintages = {}
    for k in everything:
        known = plan.known_at(plan.origins[k])
        if known:
            vintages[k] = (_combined(field, k, known)[:, : plan.horizon], residuals(known))
    final = _with_own_season(field, _combined(field, -1, everything), history, horizon)
    return Verdict(final, residuals(everything), vintages, _kept(field), time.perf_counter() - started)


def join(verdicts: list[Verdict]) -> Verdict:
    """Put the blocks of one plan back together."""
    vintages = {
        k: (
            np.concatenate([v.vintages[k][0] for v in verdicts]),
            np.concatenate([v.vintages[k][1] for v in verdicts], axis=1),
        )
        for k in verdicts[0].vintages
    }
    return Verdict(
        np.concatenate([v.final for v in verdicts]),
        np.concatenate([v.residuals for v in verdicts], axis=1),
        vintages,
        [kept for v in verdicts for kept in v.kept],
        sum(v.seconds for v in verdicts),
    )


def actuals(history: History, plan: Plan) -> Floats:
    """(origin, series, step) of measured values after each origin, NaN where nothing was measured.

    Also NaN across a break: nobody could have known a level that came later, and no error there tells of one to come.
    """
    actuals = []
    for origin in plan.origins:
        steps = np.s_[:, origin : origin + plan.horizon]
        same = history.regime[steps] == history.regime[:, origin - 1, None]
        actuals.append(np.where(same, history.y[steps], np.nan))
    return np.stack(actuals) if actuals else np.empty((0, len(history.y), plan.horizon))


def _ordinary(history: History, plan: Plan, actual: Floats) -> Floats:
    """Leave out marked days: what a holiday or an event does is put on afterwards, no candidate errs by it."""
    steps = [slice(origin, origin + plan.horizon) for origin in plan.origins]
    return np.where(np.stack([history.allowed[:, step] for step in steps]), actual, np.nan) if steps else actual


def _candidates(history: History, plan: Plan, models: Sequence[Model], horizon: int) -> tuple[list[str], Cells]:
    """Names and forecasts (candidate, origin and then the end, series, step); the first is the reference."""
    candidates: dict[str, Floats] = {}
    points = [*plan.origins, history.x.shape[1]]
    for model in models:
        candidates |= model.forecasts(history, points, horizon)
    names = list(candidates)
    reference = f"seasonal_naive_{history.seasons[0]}"  # the shortest: every series that is long enough to judge has it
    names.sort(key=lambda name: name != reference)
    cells: Cells = np.stack([_single(candidates.pop(name)) for name in names])
    for k, origin in enumerate(plan.origins):
        _look_again(cells[:, k], history, origin, names, models)
    moving = ahead(history.found, horizon, history.x.shape[1])
    if moving is not None:
        cells[:, -1] = _single(cells[:, -1] * moving[1])
    return names, cells


def _errors(cells: Cells, actual: Floats, plan: Plan, rules: Rules) -> list[Floats]:
    """Error (candidate, origin, series) over the whole horizon of the backtest, then over each stretch of it."""
    if not plan.origins:
        return []
    return [
        selection.origin_errors(cells[:, :-1, :, steps], actual[:, :, steps], rules.averaged)
        for steps in (slice(0, plan.horizon), *selection.stretches(plan.horizon))
    ]


def _others(plan: Plan, origins: list[int], own: int) -> list[int]:
    """Origins that may choose for `own`: those that share no target with it where enough of them remain."""
    apart = [k for k in origins if abs(plan.origins[k] - plan.origins[own]) >= plan.horizon]
    return apart if len(apart) >= FEWEST_APART else [k for k in origins if k != own]


def _available(field: _Field, target: int) -> NDArray[np.bool_]:
    """Candidates (candidate, series) that have a forecast from origin `target` and may stand for the series."""
    # A median, or the mean of a log, is not the mean: of many zeros it is none at all.
    middling = np.array(["_log" in name or name.endswith("_median") for name in field.names])
    result: NDArray[np.bool_] = np.isfinite(field.cells[:, target]).all(axis=2) & ~(
        middling[:, None] & field.rules.averaged
    )
    return result


def _combined(field: _Field, target: int, evidence: list[int]) -> Floats:
    """Combine (series, step) at origin `target` (-1: the end) what the origins in `evidence` choose."""
    cells, rules, plan = field.cells[:, target], field.rules, field.plan
    available = _available(field, target)
    if not evidence:
        return selection.combine(cells, available.astype(float), len(cells), rules.averaged)
    (whole, doubt), *parts = (
        selection.scores(errors, evidence, plan.independent, rules.averaged) for errors in field.errors
    )
    combined = np.empty(cells.shape[1:])
    begins = [steps.start for steps in selection.stretches(plan.horizon)]
    for begin, end, (score, _) in zip(begins, [*begins[1:], None], parts, strict=True):  # the last goes on to the end
        both = np.where(np.isfinite(score), selection.OF_STRETCH * score + (1 - selection.OF_STRETCH) * whole, whole)
        weight = selection.weights(both, doubt, available, rules.averaged)
        combined[:, begin:end] = selection.combine(cells[:, :, begin:end], weight, rules.keep, rules.averaged)
    return combined


def _with_own_season(field: _Field, final: Floats, history: History, horizon: int) -> Floats:
    """Lean on the last long season where no backtest could tell its worth: it was seen once, or horizons were cut.

    A week that was tried at all has to foresee more than the last day does, which is as noisy. A year has no such day.
    """
    short, season = (f"seasonal_naive_{steps}" for steps in (history.seasons[0], history.seasons[-1]))
    own = field.cells[field.names.index(season), -1].astype(float)
    if (levelled := f"{season}_level") in field.names:
        at_level = field.cells[field.names.index(levelled), -1].astype(float)
        own = np.where(np.isfinite(at_level), at_level, own)
    of_season, of_short = (field.errors[0][field.names.index(name)] for name in (season, short))
    both = np.isfinite(of_season) & np.isfinite(of_short)
    is_tried = both.any(axis=0)
    shows = np.where(both, of_season, 0.0).sum(axis=0) < SHOWS * np.where(both, of_short, 0.0).sum(axis=0)
    shows |= history.seasons[0] == 1
    is_cut = field.plan.horizon < min(horizon, history.seasons[-1])
    is_seen_once = history.x.shape[1] - history.first < 2 * history.seasons[-1]
    is_all = ~is_tried & _week_shows(history)
    share = np.select(
        [is_all, ~is_tried, shows & is_seen_once, shows & is_cut], [1.0, UNTRIED, SEEN_ONCE, UNTRIED], 0.0
    )[:, None]
    usable = np.isfinite(own).all(axis=1)[:, None] & (share > 0)
    return np.where(usable, (1 - share) * final + share * own, final)


def _week_shows(history: History) -> NDArray[np.bool_]:
    """Tell whether a few days of the last week lie apart from the rest (series,): a week-end seen once."""
    day, week = history.seasons[0], history.seasons[-1]
    if day == 1 or history.x.shape[1] < week:
        return np.zeros(len(history.x), dtype=np.bool_)
    days = history.x[:, -week:].reshape(len(history.x), -1, day)
    apart = np.abs(days - np.median(days, axis=1, keepdims=True)).mean(axis=2)
    far = (apart > APART * np.median(apart, axis=1, keepdims=True)).sum(axis=1)
    result: NDArray[np.bool_] = (far > 0) & (far <= FEW)
    return result


def _kept(field: _Field) -> list[list[str]]:
    """Names of the candidates that count at the end of the history, best first, by series."""
    evidence = range(len(field.plan.origins))
    available = _available(field, -1)
    weight = available.astype(float)
    if evidence:
        scored = selection.scores(field.errors[0], evidence, field.plan.independent, field.rules.averaged)
        weight = selection.weights(*scored, available, field.rules.averaged)
    chosen = selection.heaviest(weight, field.rules.keep if evidence else len(weight))
    return [[field.names[c] for c in column if weight[c, row] > 0] for row, column in enumerate(chosen.T)]


def _look_again(cells: Cells, history: History, origin: int, names: list[str], models: Sequence[Model]) -> None:
    """Forecast anew what looked otherwise at `origin` than it does today: who was there knew no later column."""
    rows = np.flatnonzero([any(_is_news(one, history, origin) for one in breaks) for breaks in history.found])
    if not len(rows):
        return
    part, horizon = history.take(rows), cells.shape[-1]
    known = np.where(part.allowed, part.raw, np.nan)[:, :origin] * part.scale[:, None]
    then = with_breaks(part, find_breaks(known, history.grain), origin)
    moving = ahead(then.found, horizon, origin)
    # From the level of then to the metric's unit, and from there to today's level.
    factor, shift = (now[:, origin - 1, None] for now in (part.factor, part.shift))
    anew: dict[str, Floats] = {}
    for model in models:
        anew |= model.forecasts(then, [origin], horizon)
    for c, name in enumerate(names):
        if name in anew:
            made = anew[name][0] * (1.0 if moving is None else moving[1])
            cells[c, rows] = _single(made * (then.scale / part.scale)[:, None] * factor + shift)
        else:
            cells[c, rows] = np.nan


def _is_news(one: Break, history: History, origin: int) -> bool:
    """Tell whether a break had begun by `origin` but could not be known yet as it is known now."""
    return one.kind != "variance" and one.begin < origin < one.end + KNOWN_DAYS * DAY[history.grain]


def _single(cells: Floats) -> Cells:
    """Single precision; what would overflow it is absurd anyway and loses by its error."""
    return np.clip(cells, -HUGE, HUGE).astype(np.float32)
