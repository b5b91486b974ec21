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
    """Paths (series, count, step) for bands (lo95, lo80, mean, hi80, hi95) x series x step."""
    series, steps = bands.shape[1:]
    paths = np.empty((series, count, steps))
    for row in range(series):
        rng = np.random.Generator(np.random.Philox(seeds[row]))
        share, rho = _parts(float(short[row]), float(long[row]))
        noise = rng.standard_normal((count, steps))
        latent = _ar1(noise, rho) * np.sqrt(1 - share) + rng.standard_normal((count, 1)) * np.sqrt(share)
        paths[row] = through_quantiles(latent, bands[:, row])
    return paths


def series_seeds(ids: pd.DataFrame, seed: int) -> list[int]:
    """One seed a series from its name, so that its paths do not depend on its neighbours."""
    names = ids["service"].astype(str) + "\0" + ids["metric"].astype(str)
    return [int.from_bytes(hashlib.sha256(f"{seed}\0{name}".encode()).digest()[:16], "big") for name in names]


def _parts(short: float, long: float) -> tuple[float, float]:
    """Share of the common level error, and the AR(1) coefficient of the rest."""
    rest = (short - long) / (1 - long)
    return long, float(np.clip(rest, 0.0, 0.99))


def _ar1(noise: Floats, rho: float) -> Floats:
    """AR(1) along the steps of noise (path, step), each step of variance one.

    A loop over days, each a row of all futures, takes a fifth of the time of scipy's lfilter along the rows; and a
    question to stored futures does not wait until scipy.signal is imported.
    """
    days = np.ascontiguousarray(noise.T)
    days[1:] *= np.sqrt(1 - rho * rho)  # the first step is noise alone
    for step in range(1, len(days)):
        days[step] += rho * days[step - 1]
    return days.T


def through_quantiles(z: Floats, band: Floats) -> Floats:
    """Piecewise linear in z between the knots, the outer pieces going on: the lowest piece and what each next adds."""
    slopes = np.diff(band, axis=0) / np.diff(KNOTS)[:, None]
    out: Floats = band[1] + slopes[0] * np.minimum(z - KNOTS[1], 0.0)
    for k in (1, 2):
        out += slopes[k] * np.clip(z - KNOTS[k], 0.0, KNOTS[k + 1] - KNOTS[k])
    out += slopes[3] * np.maximum(z - KNOTS[3], 0.0)
    return out


def _correlation(left: Floats, right: Floats, default: float) -> Floats:
    """Uncentred: residuals of one origin are around zero only over many origins; a common level is what we look for."""
    both = ~np.isnan(left) & ~np.isnan(right)
    a, b = np.where(both, left, 0.0), np.where(both, right, 0.0)
    product = (a * b).sum(axis=(0, 2))
    size = np.sqrt((a * a).sum(axis=(0, 2)) * (b * b).sum(axis=(0, 2)))
    found = np.divide(product, size, out=np.full(product.shape, default), where=size > 0)
    seen = both.any(axis=2).sum(axis=0)
    out: Floats = (seen * found + default) / (seen + 1)
    return out
