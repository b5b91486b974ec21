"""The varied panel: real series from ../shared/real and generated ones, as (name, grain, horizon, series).

Each set is a list of float arrays of any lengths, complete (no gaps, as the statsforecast models need), the last
`horizon` values being the truth.
"""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

STARTS = {"h": "2024-01-01", "d": "2022-01-03"}


@dataclass(frozen=True)
class Set:
    name: str
    grain: str
    horizon: int
    series: list[np.ndarray]


def sets(shared: Path) -> Iterator[Set]:
    real = shared / "real"
    m4 = m4_hourly(real)[::8]
    yield Set("m4 hourly sample", "h", 48, m4)
    yield Set("m4 hourly sample", "h", 168, [y for y in m4 if len(y) > 700])
    nab = [hourly(path, "timestamp", "value") for path in sorted((real / "nab_cloudwatch").glob("*.csv"))]
    yield Set("nab cloudwatch", "h", 48, [y for y in nab if len(y) >= 192])
    cloud = {p.stem: hourly(p, "TimeStamp", "Value") for p in sorted((real / "ms_cloud").glob("*.csv"))}
    app = [y for name, y in cloud.items() if name.startswith("app2")]
    yield Set("ms app2", "h", 48, app)
    yield Set("ms app2", "h", 168, app)
    yield Set("ms outbound", "h", 48, [y for name, y in cloud.items() if name.startswith("outbound")])
    minute = ("ingress", "mongo", "machine", "unavail")
    yield Set("ms minutes to hours", "h", 48, [y for name, y in cloud.items() if name.startswith(minute)])
    nasa = pd.read_csv(real / "requests" / "nasa_http_hourly.csv")["requests"].to_numpy(dtype=float)
    yield Set("nasa requests", "h", 48, [nasa[: len(nasa) - k * 48] for k in range(6)])
    yield Set("nasa requests", "h", 168, [nasa[: len(nasa) - k * 96] for k in range(3)])
    yield Set("car parks", "d", 28, car_parks(real))
    for name, grain, horizons, make, count, length in GENERATED:
        rng = np.random.default_rng(2026)
        values = [make(rng, length) for _ in range(count)]
        for horizon in horizons:
            yield Set(name, grain, horizon, values)


def m4_hourly(real: Path) -> list[np.ndarray]:
    parts = []
    for part in ("train", "test"):
        with gzip.open(real / "m4_hourly" / f"Hourly-{part}.csv.gz", "rt") as file:
            rows = list(csv.reader(file))[1:]
        parts.append([np.array([float(cell) for cell in row[1:] if cell]) for row in rows])
    return [np.concatenate(pair) for pair in zip(*parts, strict=True)]


def hourly(path: Path, time: str, value: str) -> np.ndarray:
    """Hourly mean, whole hours only, short holes filled forward as every model here needs."""
    frame = pd.read_csv(path)
    stamps = pd.to_datetime(frame[time], utc=True)
    series = pd.Series(pd.to_numeric(frame[value], errors="coerce").to_numpy(), index=stamps).resample("1h").mean()
    return series.ffill().to_numpy(dtype=float)[1:-1]


def car_parks(real: Path) -> list[np.ndarray]:
    frame = pd.read_csv(real / "capacity" / "car_parks_occupancy.csv.gz", parse_dates=["LastUpdated"])
    found = []
    for _, part in frame.groupby("SystemCodeNumber"):
        daily = part.set_index("LastUpdated")["Occupancy"].clip(lower=0).resample("1D").mean().ffill()
        if len(daily) >= 70:
            found.append(daily.to_numpy(dtype=float))
    return found


def _waves(rng: np.random.Generator, t: np.ndarray, period: float, terms: int) -> np.ndarray:
    """A random smooth cycle with standard deviation one."""
    wave = sum(
        rng.normal() / k * np.sin(2 * np.pi * k * t / period) + rng.normal() / k * np.cos(2 * np.pi * k * t / period)
        for k in range(1, terms + 1)
    )
    return wave / max(np.std(wave), 1e-9)


def _drift(rng: np.random.Generator, length: int, half_life: float) -> np.ndarray:
    """AR(1) with standard deviation one: a level that wanders and comes back."""
    rho = 0.5 ** (1 / half_life)
    shocks = rng.normal(0, np.sqrt(1 - rho * rho), length)
    out = np.zeros(length)
    for k in range(1, length):
        out[k] = rho * out[k - 1] + shocks[k]
    return out


def bench_load(rng: np.random.Generator, n: int) -> np.ndarray:
    """As ../shared/bench/make_panel.py makes it."""
    t = np.arange(n)
    day = 1 + rng.uniform(0.1, 0.8) * np.sin(2 * np.pi * (t / 24 - rng.uniform()))
    week = 1 + rng.uniform(0, 0.3) * ((t // 24) % 7 < 5)
    trend = np.exp(rng.normal(0, 0.4) * t / 8760)
    return np.exp(rng.normal(8, 2)) * day * week * trend * np.exp(rng.normal(0, 1, n) * rng.uniform(0.01, 0.3))


def operations(rng: np.random.Generator, n: int) -> np.ndarray:
    """CPU-like: a day, a week, wandering level, spikes, deployments that shift the level, nightly batch jobs."""
    t = np.arange(n)
    level = 40 + 8 * _drift(rng, n, 60) * rng.uniform(0.2, 1)
    for _ in range(rng.integers(0, 3)):
        level[rng.integers(0, n) :] *= np.exp(rng.normal(0, 0.3))
    y = level * (1 + rng.uniform(0, 0.4) * _waves(rng, t, 24, 3) * (1 + rng.uniform(0, 0.5) * ((t // 24) % 7 < 5)))
    y += (t % 24 == rng.integers(0, 24)) * rng.uniform(0, 30)
    y += (rng.uniform(size=n) < 0.004) * rng.exponential(60, n)
    return np.clip(y + rng.normal(0, rng.uniform(0.5, 5), n), 0, None)


def electricity(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hourly load: day by kind of day, year, weather that drifts over days, a slow trend."""
    t = np.arange(n)
    weekend = (t // 24) % 7 >= 5
    shape, rest = 0.25 * _waves(rng, t, 24, 4), 0.18 * _waves(rng, t, 24, 4)
    weather = 0.06 * _drift(rng, n, 72) + 0.03 * _drift(rng, n, 12)
    year = rng.uniform(0.05, 0.25) * np.cos(2 * np.pi * (t / 8766 - rng.uniform()))
    log = np.where(weekend, rest - rng.uniform(0, 0.25), shape) + weather + year + rng.normal(0, 0.1) * t / 8766
    return np.exp(log + rng.normal(6, 1) + rng.normal(0, rng.uniform(0.005, 0.05), n))


def electricity_days(rng: np.random.Generator, n: int) -> np.ndarray:
    t = np.arange(n)
    year = rng.uniform(0.1, 0.3) * _waves(rng, t, 365.25, 2)
    week = -rng.uniform(0.05, 0.3) * (t % 7 >= 5) - rng.uniform(0, 0.1) * (t % 7 == 6)
    log = year + week + 0.06 * _drift(rng, n, 4) + 0.05 * _drift(rng, n, 60) + rng.normal(0, 0.03) * t / 365
    return np.exp(log + 8 + rng.normal(0, 0.02, n))


def web_days(rng: np.random.Generator, n: int) -> np.ndarray:
    """Daily visits: week, year, growth, wandering interest, news spikes that decay."""
    t = np.arange(n)
    log = rng.uniform(0.02, 0.3) * _waves(rng, t % 7, 7, 2) + rng.uniform(0, 0.3) * _waves(rng, t, 365.25, 3)
    log += rng.normal(0.05, 0.25) * t / 365 + rng.uniform(0.05, 0.3) * _drift(rng, n, 45)
    for _ in range(rng.poisson(n / 250)):
        at = rng.integers(0, n)
        log[at:] += rng.exponential(0.8) * np.exp(-(t[at:] - at) / rng.uniform(1, 6))
    return np.round(np.exp(log + rng.normal(6, 1.5) + rng.normal(0, rng.uniform(0.03, 0.2), n)))


def web_hours(rng: np.random.Generator, n: int) -> np.ndarray:
    t = np.arange(n)
    log = rng.uniform(0.3, 0.9) * _waves(rng, t, 24, 3) - rng.uniform(0, 0.5) * ((t // 24) % 7 >= 5)
    log += rng.normal(0, 0.5) * t / 8766 + rng.uniform(0.02, 0.15) * _drift(rng, n, 100)
    return rng.poisson(np.exp(log + rng.uniform(1, 8))).astype(float)


def cloud_cost_days(rng: np.random.Generator, n: int) -> np.ndarray:
    """Daily cost: steps up and down, growth that bends, weak week, almost no noise."""
    t = np.arange(n)
    log = rng.normal(0.2, 0.4) * t / 365 - 0.05 * rng.uniform() * (t % 7 >= 5)
    for _ in range(rng.poisson(n / 120)):
        log[rng.integers(0, n) :] += rng.normal(0, 0.15)
    return np.exp(log + rng.normal(6, 1.5) + 0.03 * _drift(rng, n, 15) + rng.normal(0, rng.uniform(0.002, 0.04), n))


def growing_days(rng: np.random.Generator, n: int) -> np.ndarray:
    """A product that grows exponentially or saturates, with a week."""
    t = np.arange(n)
    path = rng.uniform(0.2, 1.5) * t / 365 if rng.uniform() < 0.5 else 2 / (1 + np.exp(-(t - n * 0.6) / 60))
    return np.exp(path + 0.15 * _waves(rng, t % 7, 7, 2) + rng.normal(7, 1) + 0.08 * _drift(rng, n, 10))


def sparse_days(rng: np.random.Generator, n: int) -> np.ndarray:
    t = np.arange(n)
    busy = rng.uniform(size=n) < np.where(t % 7 < 5, rng.uniform(0.1, 0.6), 0.1)
    return np.round(busy * rng.gamma(2, rng.uniform(1, 20), n))


Maker = Callable[[np.random.Generator, int], np.ndarray]
GENERATED: tuple[tuple[str, str, tuple[int, ...], Maker, int, int], ...] = (
    ("bench load 90 d", "h", (48, 336), bench_load, 40, 90 * 24),
    ("operations 60 d", "h", (48, 168), operations, 40, 60 * 24),
    ("electricity 120 d", "h", (48, 168), electricity, 24, 120 * 24),
    ("electricity 1.5 y", "h", (168,), electricity, 6, 13_140),
    ("web hours 60 d", "h", (48, 168), web_hours, 30, 60 * 24),
    ("electricity days 3 y", "d", (28, 90), electricity_days, 30, 1095),
    ("web days 2.5 y", "d", (28, 90), web_days, 40, 910),
    ("web days 200 d", "d", (28,), web_days, 40, 228),
    ("cloud cost 400 d", "d", (28, 90), cloud_cost_days, 40, 400),
    ("growing 300 d", "d", (28, 90), growing_days, 40, 300),
    ("sparse 200 d", "d", (28,), sparse_days, 30, 200),
)
