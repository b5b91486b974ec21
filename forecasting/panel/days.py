"""Days of a panel, by the clock on each series' wall: which day a column lies in, and each day's level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.grain import DAY, MINUTES
from forecasting.panel.series import Panel

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Days:
    """Whole days that cover a panel's columns and some steps after them."""

    dates: Dates  # of each day
    length: int  # columns in a day
    begins: NDArray[np.intp]  # by series: columns of the first day that lie before the panel

    def of_columns(self, columns: int) -> NDArray[np.intp]:
        """Day (series, column) that each of the first columns lies in."""
        result: NDArray[np.intp] = (self.begins[:, None] + np.arange(columns)) // self.length
        return result

    def cells(self, y: Floats) -> Floats:
        """Lay values (series, column) out as (series, day, step); NaN where the panel does not reach."""
        days = min(len(self.dates), -(-(y.shape[1] + int(self.begins.max(initial=0))) // self.length))
        out = np.full((len(y), days * self.length), np.nan)
        for begin in np.unique(self.begins):
            rows = self.begins == begin
            out[rows, begin : begin + y.shape[1]] = y[rows]
        return out.reshape(len(y), days, self.length)

    def levels(self, y: Floats) -> Floats:
        """Mean (series, day) of each day of which more than half is known; NaN elsewhere."""
        with np.errstate(over="ignore"):
            return nanstats.mean(self.cells(y), axis=2, fewest=self.length // 2 + 1)


def days_of(panel: Panel, horizon: int) -> Days:
    """Lay days over a panel of days or of a finer grain, and over the `horizon` steps after it."""
    day, minutes = DAY[panel.grain], MINUTES[panel.grain]
    series = len(panel.y)
    ahead = np.zeros(series, dtype=np.intp) if panel.ahead is None else panel.ahead
    start = panel.start.astype("datetime64[us]") + np.timedelta64(int(ahead.min(initial=0)) * minutes, "m")
    first = start.astype("datetime64[D]")
    before = (start - first.astype("datetime64[us]")) // np.timedelta64(minutes, "m")
    begins = int(before) + ahead - int(ahead.min(initial=0))
    count = -(-(panel.y.shape[1] + horizon + int(begins.max(initial=0))) // day)
    return Days(first + np.arange(count), day, begins.astype(np.intp))
