"""Ridge autoregressions on seasonal lags, solved for a whole block of series at once from normal equations.

A candidate is a difference (none, a step, a day, a week), a transform (level or log) and a ridge or peers to lean on.
Rows are weighted by recency, and a row counts only if its target was measured. Gram matrices are cumulated over time,
so that every backtest origin takes its own from one pass. Hoerl & Kennard 1970 for the ridge; its size is relative to
the mean of the gram's diagonal, so that scaling a series scales its forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from forecasting.panel.grain import DAY, SEASONS, Grain, is_within_day
from forecasting.panel.history import Floats, History

# Below this many multiply-adds OpenBLAS runs a product on one thread, so that sums come in one order on any machine
# (interface/gemm.c: SMP_THRESHOLD_MIN * GEMM_MULTITHREAD_THRESHOLD = 65536 * 4).
SERIAL_PRODUCT = 262_144
BLOCK = 64  # series in one pass: what fits the caches
SEGMENT = 4096  # columns in one design matrix: years of hours must not fill the memory
LOG_OFFSET = 0.02  # of the mean: where log bends into a line, so that a zero is no cliff
MIN_ROWS = 1.25  # rows for each coefficient that a fit needs

HOURLY_LAGS = (*range(1, 26), 47, 48, 49, 71, 72, 73, 95, 96, 97, 119, 120, 121, 143, 144, 145, *range(166, 171))
DAILY_LAGS = (*range(1, 9), 13, 14, 15, 20, 21, 22, 27, 28, 29)
SHORT_HOURLY_LAGS = (*range(1, 26), 47, 48, 49)
SHORT_DAILY_LAGS = tuple(range(1, 9))
WITHIN_DAY: tuple[Grain, ...] = ("5min", "15min", "30min")


def _fine_lags(grain: Grain, days: tuple[int, ...]) -> tuple[int, ...]:
    """Take the last steps, and the steps around the same time on earlier days."""
    return (*range(1, 13), *(k * DAY[grain] + near for k in days for near in (-1, 0, 1)))


LAGS: dict[Grain, tuple[tuple[int, ...], ...]] = {
    **{grain: (_fine_lags(grain, (1, 2, 3, 7)), _fine_lags(grain, (1, 2))) for grain in WITHIN_DAY},
    "h": (HOURLY_LAGS, SHORT_HOURLY_LAGS),
    "d": (DAILY_LAGS, SHORT_DAILY_LAGS),
    "w": ((*range(1, 7), 51, 52, 53), (1, 2, 3, 4)),
    "m": ((*range(1, 5), 11, 12, 13), (1, 2, 3)),
}
DIFFERENCES: dict[Grain, tuple[int, ...]] = {
    **{grain: (0, 1, *SEASONS[grain]) for grain in WITHIN_DAY},
    "h": (0, 1, 24, 168),
    "d": (0, 1, 7),
    "w": (0, 1, 52),
    "m": (0, 1, 12),
}
FEW_RIDGES, RIDGES_OF_LONG_STEPS = (1e-3,), (1e-3, 1e-2, 1e-1)
ROUNDING = 1e-20  # square of what a series in its unit varies by, that is no more than the rounding of its values
PEERS_RIDGE = 1e-3  # of the fits that lean on peers
YEAR_OF_WEEKS: dict[Grain, int] = {"h": 52 * 168, "d": 52 * 7}  # a difference that keeps the day of the week
LONG_ENOUGH = 5  # times the longest lag: then a shorter set of lags loses no rows that matter by sharing rows
OFFERED_YEARS = 2.0  # of history, from which a year can be told from a trend
YEARS = 1.2  # of rows for the terms of the year at an origin: less, and they would fit the trend


class RidgeAutoregression(BaseModel):
    """A grid of autoregressions; empty fields take the defaults of the grain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["ridge_autoregression"] = "ridge_autoregression"
    lags: tuple[int, ...] = ()
    differences: tuple[int, ...] = ()
    ridges: tuple[float, ...] = ()
    peers: float = Field(1.0, ge=0)  # evidence of like series, as a share of a series' own, in one more fit; 0: none
    logs: tuple[bool, ...] = (False, True)
    half_life_weeks: float | None = None  # None: every row counts the same
    harmonics: int = 3  # of the year, in variants for series that are long enough; 0: no such variants

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """(origin, series, step) by candidate; NaN where a series is too short for the lags, or negative for a log."""
        shape = (len(origins), len(history.x), horizon)
        candidates: dict[str, Floats] = {}
        ridges = self.ridges or (FEW_RIDGES if is_within_day(history.grain) else RIDGES_OF_LONG_STEPS)
        peers = self.peers if is_within_day(history.grain) else 0.0
        for design in self._designs(history):
            lag_sets = [design.lags, *design.nested]
            fits = [*(f"{ridge:g}" for ridge in ridges), *(["peers"] if peers else [])]
            names = [[f"{design.name(lags)}_{fit}" for fit in fits] for lags in lag_sets]
            candidates |= {name: np.full(shape, np.nan) for part in names for name in part}
            for begin in range(0, len(history.x), BLOCK):
                rows = slice(begin, begin + BLOCK)
                block = _Block(history.take(rows), design, horizon)
                for lags, part in zip(lag_sets, names, strict=True):
                    for name, cells in zip(part, block.forecasts(origins, horizon, (ridges, peers), lags), strict=True):
                        candidates[name][:, rows] = cells
        return candidates

    def _designs(self, history: History) -> list["_Design"]:
        """Every regression of the grid; those of the year only where it can have been seen."""
        half_life = None if self.half_life_weeks is None else self.half_life_weeks * history.seasons[-1]
        differences = self.differences or DIFFERENCES[history.grain]
        lag_sets = (self.lags,) if self.lags else LAGS[history.grain]
        long, *short = lag_sets
        plain: list[tuple[tuple[int, ...], tuple[tuple[int, ...], ...], int, int]] = []
        if history.x.shape[1] > LONG_ENOUGH * max(long):
            plain += [(long, tuple(short), d, 0) for d in differences]
        else:
            plain += [(lags, (), d, 0) for lags in lag_sets for d in differences]
        if self.harmonics and history.x.shape[1] >= OFFERED_YEARS * history.year:
            plain += [(long, (), d, self.harmonics) for d in differences]
            plain += [(long, (), YEAR_OF_WEEKS[history.grain], 0)] if history.grain in YEAR_OF_WEEKS else []
        return [
            _Design(lags, nested, d, log, half_life, terms) for lags, nested, d, terms in plain for log in self.logs
        ]


@dataclass(frozen=True)
class _Design:
    lags: tuple[int, ...]
    nested: tuple[tuple[int, ...], ...]  # subsets of the lags, fitted from the same gram matrices
    difference: int
    log: bool
    half_life: float | None  # steps
    harmonics: int

    def name(self, lags: tuple[int, ...]) -> str:
        year = "y" if self.harmonics else ""
        return f"ar_{len(lags)}{year}_d{self.difference}{'_log' if self.log else ''}"


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
        self._cumulated: tuple[list[int], Floats, Floats] | None = None

    def forecasts(
        self, origins: Sequence[int], horizon: int, fits: tuple[tuple[float, ...], float], lags: tuple[int, ...]
    ) -> Floats:
        """(fit, origin, series, step), scaled like the history, on all the lags of the design or some of them.

        There is a fit for each ridge, and one that leans on peers where their share is not 0.
        """
        ridges, peers = fits
        cells = np.full((len(ridges) + bool(peers), len(origins), len(self.x), horizon), np.nan)
        need = YEARS * self.history.year if self.design.harmonics else MIN_ROWS * len(lags)
        kept = [int(k) for k in np.argsort(origins) if origins[k] >= self.reach + need]
        if not kept:
            return cells
        grams, counts = self._grams([origins[k] for k in kept])
        use = np.flatnonzero(np.isin(self.design.lags, lags))
        use = np.r_[use, np.arange(len(self.design.lags), grams.shape[-1])]
        grams = grams[..., use[:, None], use]
        betas = [solve_ridge(grams, ridge) for ridge in ridges]
        betas += [solve_ridge(with_peers(grams, peers), PEERS_RIDGE)] if peers else []
        beta = np.stack(betas)  # (fit, origin, series, coefficient)
        out = self._recurse(np.array([origins[k] for k in kept]), horizon, beta, np.array(lags))
        enough = counts >= need
        if self.log:
            enough &= np.stack([~np.any(self.history.x[:, : origins[k]] < 0, axis=1) for k in kept])
        cells[:, kept] = np.where(enough[None, :, :, None], out, np.nan)
        return cells

    def _grams(self, origins: list[int]) -> tuple[Floats, Floats]:
        """Gram matrices (origin, series, q, q) of [lags, known, target] and the number of rows behind each."""
        if self._cumulated is not None and self._cumulated[0] == origins:
            return self._cumulated[1:]
        q = len(self.lags) + self.known.shape[1] + 1
        grams = np.zeros((len(origins), len(self.x), q, q))
        counts = np.zeros((len(origins), len(self.x)))
        for k, (begin, end) in enumerate(pairwise([self.reach, *origins])):
            if k:
                grams[k], counts[k] = grams[k - 1], counts[k - 1]
            for part in range(begin, end, SEGMENT):
                gram, count = self._segment(part, min(end, part + SEGMENT), q)
                grams[k] += gram
                counts[k] += count
        self._cumulated = (origins, grams, counts)
        return grams, counts

    def _segment(self, begin: int, end: int, q: int) -> tuple[Floats, Floats]:
        """Gram matrices (series, q, q) and row counts (series) of the targets in [begin, end)."""
        length = max(8, min(64, SERIAL_PRODUCT // (q * q)))
        width, pieces = end - begin, -(-(end - begin) // length)
        cells = np.zeros((len(self.x), q, pieces * length))  # a regressor is a row: copies of slices, not of cells
        for row, lag in enumerate(self.lags):
            cells[:, row, :width] = self.v[:, begin - lag : end - lag]
        cells[:, len(self.lags) : -1, :width] = self.known[begin:end].T
        cells[:, -1, :width] = self.v[:, begin:end]
        weight = self.history.seen[:, begin:end] & (np.arange(begin, end) - self.reach >= self.history.first[:, None])
        recency = 1.0
        if (life := self.design.half_life) is not None:
            recency = 0.5 ** ((self.x.shape[1] - np.arange(begin, end)) / life / 2)
        if life is not None or not weight.all():
            cells[:, :, :width] *= (weight * recency)[:, None]
        parts = cells.reshape(len(self.x), q, pieces, length).transpose(0, 2, 1, 3)
        gram: Floats = np.matmul(parts, parts.transpose(0, 1, 3, 2)).sum(axis=1)
        return gram, weight.sum(axis=1).astype(float)

    def _recurse(self, origins: NDArray[np.intp], horizon: int, beta: Floats, lags: NDArray[np.intp]) -> Floats:
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
        weights = np.ascontiguousarray(beta.reshape(-1, beta.shape[-1]).T)
        ahead = np.stack([self.known[o : o + horizon] for o in origins])  # (origin, step, term)
        known = np.einsum("roit,ost->sroi", beta[..., len(lags) :], ahead).reshape(horizon, -1)
        low, high = (np.broadcast_to(b, (ridges, *b.shape)).ravel() for b in self._bounds(origins))
        for step in range(span, span + horizon):
            v[step] = np.einsum("pk,pk->k", v[step - lags], weights[: len(lags)]) + known[step - span]
            base = x[step - self.difference] if self.difference else 0.0
            x[step] = np.clip(v[step] + base, low, high)
            v[step] = x[step] - base
        out: Floats = x[span:].T.reshape(ridges, len(origins), series, horizon)
        result: Floats = np.maximum(np.exp(out) - LOG_OFFSET, 0.0) if self.log else out
        return result

    def _bounds(self, origins: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Let a recursion leave the seen range by once its width, not more: (origin, series) each."""
        before = np.arange(self.x.shape[1]) >= self.history.first[:, None]
        low = np.stack([np.min(np.where(before, self.x, np.inf)[:, :o], axis=1) for o in origins])
        high = np.stack([np.max(np.where(before, self.x, -np.inf)[:, :o], axis=1) for o in origins])
        empty = low > high
        low, high = np.where(empty, 0.0, low), np.where(empty, 0.0, high)
        return low - (high - low), high + (high - low)


def with_peers(grams: Floats, share: float) -> Floats:
    """Add the mean gram matrix of a block (origin, series, q, q) to each of its own, all of one size.

    An empirical Bayes fit of many like regressions (Lindley & Smith 1972): what one series says unclearly, the others
    say for it.
    """
    lags = grams.shape[-1] - 2
    size = np.einsum("...ii->...i", grams)[..., :lags].mean(axis=-1)[..., None, None]
    varies = size > ROUNDING
    unit = np.divide(grams, size, out=np.zeros(grams.shape), where=varies)
    like = unit.sum(axis=1, keepdims=True) / np.maximum(varies.sum(axis=1, keepdims=True), 1)
    result: Floats = unit + share * like
    return result


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
