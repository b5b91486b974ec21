"""The grains of a panel: how long a step is, and how many steps are a day, a week or a year."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Grain = Literal["5min", "15min", "30min", "h", "d", "w", "m"]
Moments = NDArray[np.datetime64]

MINUTES: dict[Grain, int] = {"5min": 5, "15min": 15, "30min": 30, "h": 60, "d": 1440, "w": 10080}  # a month has no size
DAY: dict[Grain, int] = {"5min": 288, "15min": 96, "30min": 48, "h": 24, "d": 1, "w": 1, "m": 1}  # steps, at least one
# Steps in a day and a week; a week of days; one step and a year of weeks or months.
SEASONS: dict[Grain, tuple[int, ...]] = {
    "5min": (288, 2016),
    "15min": (96, 672),
    "30min": (48, 336),
    "h": (24, 168),
    "d": (7,),
    "w": (1, 52),
    "m": (1, 12),
}
# Steps in a year.
YEAR: dict[Grain, float] = {
    "5min": 105189.84,
    "15min": 35063.28,
    "30min": 17531.64,
    "h": 8765.82,
    "d": 365.2425,
    "w": 52.1775,
    "m": 12.0,
}
WHOLE: dict[Grain, str] = {
    "5min": "five minutes",
    "15min": "quarters of an hour",
    "30min": "half hours",
    "h": "hours",
    "d": "days",
    "w": "weeks from Monday",
    "m": "months",
}
MONDAY = np.datetime64("1970-01-05", "us")


def is_within_day(grain: Grain) -> bool:
    """Tell whether a day has several steps."""
    return DAY[grain] > 1


def floor(stamps: Moments, grain: Grain) -> Moments:
    """Take UTC stamps down to the start of their step."""
    if grain == "m":
        return stamps.astype("datetime64[M]").astype("datetime64[us]")
    step = np.timedelta64(MINUTES[grain], "m").astype("timedelta64[us]")
    result: Moments = MONDAY + (stamps.astype("datetime64[us]") - MONDAY) // step * step
    return result


def steps_between(start: np.datetime64, stamps: Moments, grain: Grain) -> NDArray[np.int64]:
    """Count whole steps from `start` to each stamp; both are starts of steps."""
    if grain == "m":
        apart = stamps.astype("datetime64[M]") - start.astype("datetime64[M]")
    else:
        apart = (stamps - start) // np.timedelta64(MINUTES[grain], "m")
    result: NDArray[np.int64] = apart.astype(np.int64)
    return result


def moments(start: np.datetime64, steps: NDArray[np.intp], grain: Grain) -> Moments:
    """UTC start of the step that lies `steps` after the one that starts at `start`."""
    result: Moments
    if grain == "m":
        result = (start.astype("datetime64[M]") + steps).astype("datetime64[us]")
        return result
    result = start.astype("datetime64[us]") + steps * np.timedelta64(MINUTES[grain], "m")
    return result
