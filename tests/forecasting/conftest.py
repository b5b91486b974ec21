"""Small panels that the forecasting tests share."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from forecasting.panel.series import Grain, Panel

START = np.datetime64("2026-01-05T00", "us")  # a Monday


@pytest.fixture
def make_panel() -> Callable[..., Panel]:
    return panel_of


@pytest.fixture(scope="module")
def make_panel_module() -> Callable[..., Panel]:
    return panel_of


def panel_of(y: np.ndarray, grain: Grain = "h") -> Panel:
    rows = np.atleast_2d(np.asarray(y, dtype=float))
    names = [f"svc-{k:03d}" for k in range(len(rows))]
    return Panel(pd.DataFrame({"service": names, "metric": "requests"}), rows, START, grain)


@pytest.fixture
def weekly_load() -> Callable[..., np.ndarray]:
    """Hourly load with a day, a week, a level and noise: (series, time)."""

    def make(series: int = 4, weeks: int = 8, noise: float = 0.05, seed: int = 1) -> np.ndarray:
        rng = np.random.default_rng(seed)
        hours = np.arange(weeks * 168)
        day = 1 + 0.5 * np.sin(2 * np.pi * (hours / 24 - rng.uniform(0, 1, (series, 1))))
        week = 1 + 0.3 * ((hours // 24) % 7 < 5)
        level = np.exp(rng.normal(5, 1, (series, 1)))
        return level * day * week * np.exp(rng.normal(0, noise, (series, len(hours))))

    return make
