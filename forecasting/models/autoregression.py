"""Ridge autoregressions on seasonal lags, solved for a whole block of series at once from normal equations.

A candidate is a difference (none, a step, a day, a week), a transform (level or log) and a ridge. Rows are weighted by
recency, and a row counts only if its target was measured. Gram matrices are cumulated over time, so that every backtest
origin takes its own from one pass. Hoerl & Kennard 1970 for the ridge; its size is relative to the mean of the gram's
diagonal, so that scaling a series scales its forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.history import Floats, History

# Below this many multiply-adds OpenBLAS runs a product on one thread, so that sums come in one order on any machine
# (interface/gemm.c: SMP_THRESHOLD_MIN * GEMM_MULTITHREAD_THRESHOLD = 65536 * 4).
SERIAL_PRODUCT = 262_144
BLOCK = 64  # series in one pass: what fits the caches
LOG_OFFSET = 0.02  # of the mean: where log bends into a line, so that a zero is no cliff
MIN_ROWS = 1.25  # rows for each coefficient that a fit needs

HOURLY_LAGS = (*range(1, 26), 47, 48, 49, 71, 72, 73, 95, 96, 97, 119, 120, 121, 143, 144, 145, *range(166, 171))
DAILY_LAGS = (*range(1, 9), 13, 14, 15, 20, 21, 22, 27, 28, 29)
SHORT_HOURLY_LAGS = (*range(1, 26), 47, 48, 49)
SHORT_DAILY_LAGS = tuple(range(1, 9))
LAGS = {"h": (HOURLY_LAGS, SHORT_HOURLY_LAGS), "d": (DAILY_LAGS, SHORT_DAILY_LAGS)}
DIFFERENCES = {"h": (0, 1, 24, 168), "d": (0, 1, 7)}
RIDGES = {"h": (1e-3, 1e-2), "d": (1e-3, 1e-2, 1e-1)}
YEAR_OF_WEEKS = {"h": 52 * 168, "d": 52 * 7}  # a difference that keeps the day of the week
YEARS = 1.2  # of rows for the terms of the year: less, and they would fit the trend


class RidgeAutoregression(BaseModel):
    """A grid of autoregressions; empty fields take the defaults of the grain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["ridge_autoregression"] = "ridge_autoregression"
    lags: tuple[int, ...] = ()
    differences: tuple[int, ...] = ()
    ridges: tuple[float, ...] = ()
    logs: tuple[bool, ...] = (False, True)
    half_life_weeks: float | None = None  # None: every row counts the same
    harmonics: int = 3  # of the year, in variants for series that are long enough; 0: no such variants

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """(origin, series, step) by candidate; NaN where a series is too short for the lags, or negative for a log."""
        shape = (len(origins), len(history.x), horizon)
        found: dict[str, Floats] = {}
        ridges = self.ridges or RIDGES[history.grain]
        for design in self._designs(history):
            names = [f"{design.name}_{ridge:g}" for ridge in ridges]
            found |= {name: np.full(shape, np.nan) for name in names}
            for begin in range(0, len(history.x), BLOCK):
                rows = slice(begin, begin + BLOCK)
                block = _Block(history.take(rows), design, horizon)
                for name, cells in zip(names, block.forecasts(origins, horizon, ridges), strict=True):
                    found[name][:, rows] = cells
        return found

    def _designs(self, history: History) -> list["_Design"]:
        """Every regression of the grid; those of the year only where it can have been seen."""
        half_life = None if self.half_life_weeks is None else self.half_life_weeks * history.seasons[-1]
        differences = self.differences or DIFFERENCES[history.grain]
        lag_sets = (self.lags,) if self.lags else LAGS[history.grain]
        plain = [(lags, d, 0) for lags in lag_sets for d in differences]
        if self.harmonics and history.x.shape[1] >= YEARS * history.year:
            plain += [(lag_sets[0], d, self.harmonics) for d in differences]
            plain += [(lag_sets[0], YEAR_OF_WEEKS[history.grain], 0)]
        return [_Design(lags, d, log, half_life, terms) for lags, d, terms in plain for log in self.logs]


@dataclass(frozen=True)
class _Design:
    lags: tuple[int, ...]
    difference: int
    log: bool
    half_life: float | None  # steps
    harmonics: int

    @property
    def name(self) -> str:
        year = "y" if self.harmonics else ""
        return f"ar_{len(self.lags)}{year}_d{self.difference}{'_log' if self.log else ''}"


class _Block:
    """One regression design for a block of series: its variable, its rows and its gram matrices by origin."""

    def __init__(self, history: History, design: _Design, horizon: int) -> None:
        self.history, self.design = history, design
        self.lags, self.difference, self.log = np.array(design.lags), design.difference, design.log
        self.reach = max(design.lags) + self.difference  # columns before a target that its row looks at
        x = np.nan_to_num(history.x, nan=0.0)
        if self.log:
            x = np.log(np.maximum(x, 0.0) + LOG_OFFSET)
        self.x: Floats = x
        self.v: Floats = x.copy()  # the differenced variable; its first `difference` columns are never used
        if self.difference:
            self.v[:, self.difference :] = x[:, self.difference :] - x[:, : -self.difference]
        turns = history.year_phase + np.arange(x.shape[1] + horizon) / history.year
        angles = 2 * np.pi * np.outer(turns, np.arange(1, design.harmonics + 1))
        # Known at any time, (time, term): the terms of the year, and the constant last.
        self.known: Floats = np.hstack([np.sin(angles), np.cos(angles), np.ones((len(turns), 1))])
        self.need = MIN_ROWS * len(self.lags) if not design.harmonics else YEARS * history.year

    def forecasts(self, origins: Sequence[int], horizon: int, ridges: tuple[float, ...]) -> Floats:
        """(ridge, origin, series, step), scaled like the history."""
        series, order = len(self.x), np.argsort(origins)
        cells = np.full((len(ridges), len(origins), series, horizon), np.nan)
        kept = [int(k) for k in order if origins[k] >= self.reach + self.need]
        if not kept:
            return cells
        grams, counts = self._grams([origins[k] for k in kept])
        beta = np.stack([solve_ridge(grams, ridge) for ridge in ridges])  # (ridge, origin, series, coefficient)
        out = self._recurse(np.array([origins[k] for k in kept]), horizon, beta)
        enough = counts >= self.need
        if self.log:
            enough &= np.stack([~np.any(self.history.x[:, : origins[k]] < 0, axis=1) for k in kept])
        cells[:, kept] = np.where(enough[None, :, :, None], out, np.nan)
        return cells

    def _grams(self, origins: list[int]) -> tuple[Floats, Floats]:
        """Gram matrices (origin, series, q, q) of [lags, known, target] and the number of rows behind each."""
        lags, series, total = len(self.lags), *self.x.shape
        q = lags + self.known.shape[1] + 1
        length = max(8, min(64, SERIAL_PRODUCT // (q * q)))
        grams = np.zeros((len(origins), series, q, q))
        counts = np.zeros((len(origins), series))
        edges = [self.reach, *origins]
        for k, (begin, end) in enumerate(pairwise(edges)):
            if k:
                grams[k], counts[k] = grams[k - 1], counts[k - 1]
            targets = np.arange(begin, end)
            rows = np.empty((series, -(-len(targets) // length) * length, q))
            rows[:, len(targets) :] = 0.0
            rows[:, : len(targets), :lags] = self.v[:, targets[:, None] - self.lags]
            rows[:, : len(targets), lags:-1] = self.known[targets]
            rows[:, : len(targets), -1] = self.v[:, targets]
            weight = self.history.seen[:, begin:end] & (targets - self.reach >= self.history.first[:, None])
            counts[k] += weight.sum(axis=1)
            recency = 1.0 if (life := self.design.half_life) is None else 0.5 ** ((total - targets) / life / 2)
            rows[:, : len(targets)] *= (weight * recency)[:, :, None]
            pieces = rows.reshape(series, -1, length, q)
            grams[k] += np.matmul(pieces.transpose(0, 1, 3, 2), pieces).sum(axis=1)
        return grams, counts

    def _recurse(self, origins: NDArray[np.intp], horizon: int, beta: Floats) -> Floats:
        """Feed each forecast back as a lag. Time is the first axis, so that one step reads whole rows."""
        ridges, _, series, _ = beta.shape
        span = self.reach
        tail = np.stack([self.x[:, o - span : o] for o in origins])  # (origin, series, span)
        wide = (span + horizon, ridges * len(origins) * series)
        x, v = np.zeros(wide), np.zeros(wide)
        x[:span] = np.broadcast_to(tail, (ridges, *tail.shape)).reshape(-1, span).T
        v[:span] = x[:span]
        if self.difference:
            v[self.difference : span] = x[self.difference : span] - x[: span - self.difference]
        lags, weights = len(self.lags), np.ascontiguousarray(beta.reshape(-1, beta.shape[-1]).T)
        ahead = np.stack([self.known[o : o + horizon] for o in origins])  # (origin, step, term)
        known = np.einsum("roit,ost->sroi", beta[..., lags:], ahead).reshape(horizon, -1)
        low, high = (np.broadcast_to(b, (ridges, *b.shape)).ravel() for b in self._bounds(origins))
        for step in range(span, span + horizon):
            v[step] = np.einsum("pk,pk->k", v[step - self.lags], weights[:lags]) + known[step - span]
            base = x[step - self.difference] if self.difference else 0.0
            x[step] = np.clip(v[step] + base, low, high)
            v[step] = x[step] - base
        out: Floats = x[span:].T.reshape(ridges, len(origins), series, horizon)
        found: Floats = np.maximum(np.exp(out) - LOG_OFFSET, 0.0) if self.log else out
        return found

    def _bounds(self, origins: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Let a recursion leave the seen range by once its width, not more: (origin, series) each."""
        before = np.arange(self.x.shape[1]) >= self.history.first[:, None]
        low = np.stack([np.min(np.where(before, self.x, np.inf)[:, :o], axis=1) for o in origins])
        high = np.stack([np.max(np.where(before, self.x, -np.inf)[:, :o], axis=1) for o in origins])
        empty = low > high
        low, high = np.where(empty, 0.0, low), np.where(empty, 0.0, high)
        return low - (high - low), high + (high - low)


def solve_ridge(grams: Floats, ridge: float) -> Floats:
    """Regress the last column on the others, (..., coefficient); the constant, just before it, is not penalised."""
    normal, target = grams[..., :-1, :-1].copy(), grams[..., :-1, -1]
    lags = normal.shape[-1] - 1
    diagonal = np.einsum("...ii->...i", normal)
    size = np.maximum(diagonal[..., :lags].mean(axis=-1, keepdims=True), 1e-12)
    diagonal[..., :lags] += ridge * size + (1e-9 * size if ridge else 0.0)
    diagonal[..., lags:] += np.where(diagonal[..., lags:] > 0, 0.0, 1.0)
    beta: Floats = np.asarray(np.linalg.solve(normal, target[..., None])[..., 0], dtype=np.float64)
    return beta
