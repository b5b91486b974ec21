"""Simulated futures: each keeps the autocorrelation of past errors, all together keep the intervals.

A Gaussian copula: a latent path z with standard normal margins is mapped through each step's quantile function, which
passes through lo95, lo80, mean, hi80 and hi95. The latent path is a level error common to all steps plus an AR(1), so
that sums, maxima and first passages come out as wide as they really are. (Patton 2012 for copulas of time series.)
"""

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

KNOTS = ndtri(np.array([0.025, 0.1, 0.5, 0.9, 0.975]))
SHORT_CORRELATION = 0.5  # where residuals are too few to tell
LONG_CORRELATION = 0.25
ERROR_STEPS = 28  # of an origin's errors that are one number: a month of days
CACHED = 1 << 14  # numbers that are worked on at once: they stay in a processor's cache


def correlations(ratios: Floats) -> tuple[Floats, Floats]:
    """(short, long) correlation of errors by series from ratios (origin, series, step): neighbours; far steps.

    Each is shrunk by one origin's worth of evidence toward the default.
    """
    z = np.clip(ratios, -4.0, 4.0)
    steps = z.shape[-1]
    far = max(2, steps // 3)
    short = _correlation(z[..., 1:], z[..., :-1], SHORT_CORRELATION)
    long = _correlation(z[..., far:], z[..., :-far], LONG_CORRELATION) if steps > far else short
    long = np.clip(long, 0.0, 0.9)
    return np.clip(short, long, 0.99), long


def origin_errors(ratios: Floats) -> Floats:
    """Mean error (series, origin) of the first steps of each origin, from ratios (origin, series, step); NaN: none."""
    first = np.clip(ratios[..., :ERROR_STEPS], -4.0, 4.0)
    seen = (~np.isnan(first)).sum(axis=2)
    mean = np.divide(np.nansum(first, axis=2), seen, out=np.full(seen.shape, np.nan), where=seen > 0)
    errors: Floats = mean.T
    return errors


def simulate(bands: Floats, short: Floats, long: Floats, seeds: list[int], count: int) -> Floats:
    """Paths (series, count, step) for bands (lo95, lo80, mean, hi80, hi95) x series x step.

    In memory each step is a plane of all series' futures: so they are made, and so sums and maxima over steps go.
    """
    series, steps = bands.shape[1:]
    planes = np.empty((steps, series, count))
    noise, common = np.empty((count, steps)), np.empty((series, count))
    for row, seed in enumerate(seeds):  # of its own generator, so that a series does not depend on its neighbours
        rng = np.random.Generator(np.random.Philox(seed))
        rng.standard_normal(out=noise)
        planes[:, row] = noise.T
        rng.standard_normal(out=common[row])
    share, rho = _parts(short, long)
    at_once = max(1, CACHED // count)
    for first in range(0, series, at_once):
        some = slice(first, first + at_once)
        level, own = np.sqrt(share[some]) * common[some].T, np.sqrt(1 - share[some])
        latent = np.zeros(level.shape)
        for step, plane in enumerate(planes[:, some]):
            latent = _next(latent, plane.T, rho[some]) if step else plane.T.copy()
            plane[:] = through_quantiles(latent * own + level, bands[:, some, step]).T
    paths: Floats = planes.transpose(1, 2, 0)
    return paths


def series_seeds(ids: pd.DataFrame, seed: int) -> list[int]:
    """One seed a series from its name, so that its paths do not depend on its neighbours."""
    names = ids["service"].astype(str) + "\0" + ids["metric"].astype(str)
    return [int.from_bytes(hashlib.sha256(f"{seed}\0{name}".encode()).digest()[:16], "big") for name in names]


def _parts(short: Floats, long: Floats) -> tuple[Floats, Floats]:
    """Share of the common level error, and the AR(1) coefficient of the rest, by series."""
    rest = (short - long) / (1 - long)
    return long, np.clip(rest, 0.0, 0.99)


def _next(latent: Floats, noise: Floats, rho: Floats) -> Floats:
    """Return the step after `latent` (path, series) of AR(1) processes of variance one."""
    moved: Floats = noise * np.sqrt(1 - rho * rho)
    moved += rho * latent
    return moved


def through_quantiles(z: Floats, band: Floats) -> Floats:
    """Map scores z (path, place) through bands (5, place): piecewise linear in z between the knots.

    The outer pieces go on: the lowest piece and what each next adds.
    """
    slopes = np.diff(band, axis=0) / np.diff(KNOTS)[:, None]
    out: Floats = np.minimum(z, KNOTS[1])
    out -= KNOTS[1]
    out *= slopes[0]
    out += band[1]
    for k, above in ((1, KNOTS[2]), (2, KNOTS[3]), (3, np.inf)):
        piece = np.clip(z, KNOTS[k], above)
        piece -= KNOTS[k]
        piece *= slopes[k]
        out += piece
    return out


def _correlation(left: Floats, right: Floats, default: float) -> Floats:
    """Uncentred: residuals of one origin are around zero only over many origins; a common level is what we look for."""
    both = ~np.isnan(left) & ~np.isnan(right)
    a, b = np.where(both, left, 0.0), np.where(both, right, 0.0)
    product = (a * b).sum(axis=(0, 2))
    size = np.sqrt((a * a).sum(axis=(0, 2)) * (b * b).sum(axis=(0, 2)))
    cosine = np.divide(product, size, out=np.full(product.shape, default), where=size > 0)
    seen = both.any(axis=2).sum(axis=0)
    out: Floats = (seen * cosine + default) / (seen + 1)
    return out
