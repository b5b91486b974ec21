"""One block of series through the contest: candidates at every origin, chosen by error, combined by median.

Nothing here sees a target it is judged on: the combination at an origin is chosen from other origins, and a vintage's
only from origins whose whole horizon had happened by then.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import selection
from forecasting.history import Floats, History
from forecasting.models import Model
from forecasting.origins import Plan
from forecasting.shifts import Shifts, align, find_shifts

Cells = NDArray[np.float32]  # forecasts of every candidate: half the memory of floats, far finer than any error

HUGE = 1e30


@dataclass(frozen=True)
class Verdict:
    """Results of one block in the scaled unit of its history."""

    final: Floats  # (series, horizon)
    residuals: Floats  # (origin, series, step): actual - combination chosen without that origin
    vintages: dict[int, tuple[Floats, Floats]]  # by origin index: forecast (series, step), residuals then known
    kept: list[list[str]]  # by series: the candidates in the median, best first
    seconds: float


@dataclass(frozen=True)
class Rules:
    """How candidates are chosen."""

    models: Sequence[Model]
    keep: int  # candidates in the median
    averaged: NDArray[np.bool_]  # series that want a mean: most of their values are zero


def contest(history: History, plan: Plan, horizon: int, rules: Rules) -> Verdict:
    """Run every model at every origin and at the end of the history, and combine the best."""
    started = time.perf_counter()
    names, cells = _candidates(history, plan, rules.models, horizon)
    actual = actuals(history, plan)
    tries = cells[:, :-1, :, : plan.horizon]
    errors = (
        selection.origin_errors(tries, actual, rules.averaged)
        if plan.origins
        else np.empty((len(names), 0, len(history.x)))
    )
    everything = list(range(len(plan.origins)))
    # A median, or the mean of a log, is not the mean: of many zeros it is none at all.
    middling = np.array(["_log" in name or name.endswith("_median") for name in names])

    def combined(target: int, evidence: list[int]) -> tuple[Floats, NDArray[np.intp]]:
        """Combine at origin `target` (-1: the end) what the origins in `evidence` choose."""
        from_origin = cells[:, target]
        available: NDArray[np.bool_] = np.all(np.isfinite(from_origin), axis=2) & ~(middling[:, None] & rules.averaged)
        if evidence:
            weight = selection.weights(selection.scores(errors, evidence, plan.independent), available)
        else:
            weight = available.astype(float)
        return selection.combine(from_origin, weight, rules.keep if evidence else len(names), rules.averaged)

    def residuals(of: list[int]) -> Floats:
        """Take each origin's residual with the combination that the others choose."""
        out = [actual[k] - combined(k, [j for j in of if j != k])[0][:, : plan.horizon] for k in of]
        return np.stack(out) if out else np.full((0, len(history.x), plan.horizon), np.nan)

    final, chosen = combined(-1, everything)
    vintages = {}
    for k in everything:
        known = plan.known_at(plan.origins[k])
        if known:
            vintages[k] = (combined(k, known)[0][:, : plan.horizon], residuals(known))
    kept = [[names[c] for c in column if c >= 0] for column in chosen.T]
    return Verdict(final, residuals(everything), vintages, kept, time.perf_counter() - started)


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
    """(origin, series, step) of measured values after each origin, NaN where nothing was measured."""
    found = [history.y[:, origin : origin + plan.horizon] for origin in plan.origins]
    return np.stack(found) if found else np.empty((0, len(history.y), plan.horizon))


def _candidates(history: History, plan: Plan, models: Sequence[Model], horizon: int) -> tuple[list[str], Cells]:
    """Names and forecasts (candidate, origin and then the end, series, step); the first is the reference."""
    found: dict[str, Floats] = {}
    points = [*plan.origins, history.x.shape[1]]
    for model in models:
        found |= model.forecasts(history, points, horizon)
    names = list(found)
    reference = f"seasonal_naive_{history.seasons[0]}"  # the shortest: every series that is long enough to judge has it
    names.sort(key=lambda name: name != reference)
    cells: Cells = np.stack([_single(found.pop(name)) for name in names])
    for k, point in enumerate(points):
        shifts = find_shifts(history, point)
        if len(shifts.rows):
            _realign(cells[1:, k], align(history, shifts), (shifts, point, horizon), (names[1:], models))
    return names, cells


def _realign(
    cells: Cells, history: History, where: tuple[Shifts, int, int], who: tuple[list[str], Sequence[Model]]
) -> None:
    """Forecast anew, from a history at today's level, the series whose level shifted; the reference stays naive."""
    shifts, origin, horizon = where
    found: dict[str, Floats] = {}
    for model in who[1]:
        found |= model.forecasts(history, [origin], horizon)
    for c, name in enumerate(who[0]):
        cells[c, shifts.rows] = _single(found[name][0]) if name in found else np.nan


def _single(cells: Floats) -> Cells:
    """Single precision; what would overflow it is absurd anyway and loses by its error."""
    return np.clip(cells, -HUGE, HUGE).astype(np.float32)
