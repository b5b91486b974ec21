"""Series that look like a counter as its exporter keeps it: they only rise, but for resets where they begin near 0.

What only grows may be a size, so that without a reset it takes the name that Prometheus gives counters
(https://prometheus.io/docs/practices/naming/). Traffic falls every night; a disk that is cleaned keeps what it had.
"""

import re

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.grain import DAY
from forecasting.panel.series import Panel

RECENT_DAYS = 28
FEWEST_STEPS = 47  # two days of hours
LEAST_RISES = 0.5  # of the steps; a quiet service repeats its count
MOST_RESETS = 0.05  # of the steps
TALL = 10.0  # largest rises that a counter has piled up
NEAR_ZERO = 3.0  # largest rises that it may begin with after a reset
NAMED = re.compile(r"(_total|_count|_sum|_bucket)$")
STATUS = "looks like a raw counter: what it counts is the difference; load it with shape = counter"


def raw_counters(panel: Panel) -> NDArray[np.bool_]:
    """Tell for each series whether its newest four weeks look like a raw counter; false for steps of a day or more."""
    if DAY[panel.grain] == 1:
        return np.zeros(len(panel.y), dtype=np.bool_)
    y = panel.y[:, -RECENT_DAYS * DAY[panel.grain] :]
    if y.shape[1] <= FEWEST_STEPS:
        return np.zeros(len(y), dtype=np.bool_)
    change = np.diff(y, axis=1)
    steps = (~np.isnan(change)).sum(axis=1)
    falls = change < 0
    rises, resets = (change > 0).sum(axis=1), falls.sum(axis=1)
    largest = np.max(change, axis=1, initial=0.0, where=~np.isnan(change))
    begins = np.max(y[:, 1:], axis=1, initial=0.0, where=falls)
    highest = np.max(y, axis=1, initial=0.0, where=~np.isnan(y))
    named = np.array([bool(NAMED.search(metric)) for metric in panel.ids["metric"]])
    result: NDArray[np.bool_] = (
        (steps >= FEWEST_STEPS)
        & (rises >= LEAST_RISES * steps)
        & (resets <= MOST_RESETS * steps)
        & (highest > TALL * largest)
        & (begins <= NEAR_ZERO * largest)
        & ((resets > 0) | named)
    )
    return result
