"""Loads of a made-up service, and what can happen to them: what the tests and the benchmark of breaks are made of."""

from dataclasses import dataclass

import numpy as np

from forecasting.panel.grain import Grain

Floats = np.ndarray
DAY: dict[Grain, int] = {"15min": 96, "h": 24, "d": 1}


@dataclass(frozen=True)
class Case:
    """A history that broke, and what really came: both (time,)."""

    grain: Grain
    history: Floats
    truth: Floats


def load(rng: np.random.Generator, grain: Grain, days: int, noise: float | None = None) -> Floats:
    """A day and a week with noise of 2 to 8 %, or as told, at any level."""
    t = np.arange(days * DAY[grain])
    day = t // DAY[grain]
    week = 1 - rng.uniform(0.1, 0.4) * ((day + rng.integers(0, 7)) % 7 >= 5)
    within = 1 + rng.uniform(0.2, 0.8) * np.sin(2 * np.pi * (t / 24 - rng.uniform())) if grain == "h" else 1.0
    return np.exp(rng.normal(6, 1)) * week * within * np.exp(rng.normal(0, noise or rng.uniform(0.02, 0.08), len(t)))


def office(rng: np.random.Generator, days: int, noise: float) -> Floats:
    """Hours of work on five days, and next to nothing at others."""
    t = np.arange(days * 24)
    works = ((t // 24) % 7 < 5) & (t % 24 >= 8) & (t % 24 < 18)
    return np.where(works, 100.0, 4.0) * np.exp(rng.normal(0, noise, len(t)))


def outage(rng: np.random.Generator, hours: int, ago_hours: int, depth: float = 0.0) -> Case:
    """So many hours at `depth` of the load, ended so many hours before the origin (0: still down)."""
    y = load(rng, "h", 104)
    history, truth = y[: 90 * 24].copy(), y[90 * 24 :]
    end = len(history) - ago_hours
    history[end - hours : end] *= depth
    return Case("h", history, truth)


def excursion(rng: np.random.Generator, factor: float, days: int, ago_days: int) -> Case:
    """`factor` times the load for some days, back for some days."""
    y = load(rng, "h", 104)
    history, truth = y[: 90 * 24].copy(), y[90 * 24 :]
    end = len(history) - 24 * ago_days
    history[end - 24 * days : end] *= factor
    return Case("h", history, truth)


def step(rng: np.random.Generator, factor: float, ago_days: int, grain: Grain = "h") -> Case:
    """`factor` times the load since some days."""
    days, ahead = (90, 14) if grain == "h" else (200, 60)
    y = load(rng, grain, days + ahead)
    y[(days - ago_days) * DAY[grain] :] *= factor
    return Case(grain, y[: days * DAY[grain]], y[days * DAY[grain] :])


def ramp(rng: np.random.Generator, factor: float, days: int, ago_days: int) -> Case:
    """Moved to `factor` times the load in equal daily steps, finished some days ago (below 0: it will be finished)."""
    y = load(rng, "d", 290)
    begin = 200 - ago_days - days
    share = np.clip((np.arange(290) - begin + 1) / days, 0, 1)
    y *= 1 + share * (factor - 1)
    return Case("d", y[:200], y[200:])
