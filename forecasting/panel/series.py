"""Long frames to a regular panel: one row a series, one column a step of the grain."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.panel.grain import SEASONS, WHOLE, YEAR, Grain, floor, moments, steps_between

__all__ = ["SEASONS", "YEAR", "Grain", "Panel", "PanelError", "to_panel"]

Floats = NDArray[np.float64]

COLUMNS = ("service", "metric", "timestamp", "value")


class PanelError(ValueError):
    """The input frame is not a panel: names the column, what was found and what to pass."""


@dataclass(frozen=True)
class Panel:
    """Series on one regular grid, UTC; NaN is missing, also before a series begins."""

    ids: pd.DataFrame  # service, metric; one row a series, sorted
    y: Floats  # (series, time)
    start: np.datetime64  # UTC, of column 0
    grain: Grain
    ahead: NDArray[np.intp] | None = None  # by series: steps that the clock on its wall is ahead of UTC; None: none

    @property
    def end(self) -> np.datetime64:
        """First moment after the last column: the first target of a forecast."""
        moment: np.datetime64 = self.at(np.array([self.y.shape[1]]))[0]
        return moment

    @property
    def times(self) -> NDArray[np.datetime64]:
        """UTC start of each column."""
        return self.at(np.arange(self.y.shape[1]))

    @property
    def season(self) -> int:
        """Steps in a week, of weeks and months in a year: the season of seasonal naive and of MASE."""
        return SEASONS[self.grain][-1]

    @property
    def year_phase(self) -> float:
        """Share of the year gone by at column 0."""
        year_start = self.start.astype("datetime64[Y]")
        gone = (self.start.astype("datetime64[us]") - year_start.astype("datetime64[us]")) / np.timedelta64(1, "D")
        return float(gone / YEAR["d"])

    def at(self, columns: NDArray[np.intp]) -> NDArray[np.datetime64]:
        """UTC start of some columns, counted from the first one; they may lie before or after the panel."""
        return moments(self.start, columns, self.grain)

    def column(self, moment: np.datetime64) -> int:
        """Find the column that starts at a moment."""
        return int(steps_between(self.start, np.array([moment]), self.grain)[0])

    def targets(self, horizon: int) -> NDArray[np.datetime64]:
        """UTC start of each of the `horizon` steps after the panel's end."""
        return self.at(self.y.shape[1] + np.arange(horizon))


def to_panel(frame: pd.DataFrame, *, grain: Grain, end: datetime | np.datetime64 | None = None) -> Panel:
    """Lay a long frame (service, metric, timestamp UTC, value) on a grid up to `end`, exclusive.

    Without `end` the grid ends just after the last stamp. Null and infinite values become missing. Raises PanelError
    on a missing column, a stamp that is null, off the grid or not before `end`, and on two values for one cell.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise PanelError(f"panel: no column {', '.join(missing)}; found {list(frame.columns)}, pass {list(COLUMNS)}")
    if frame.empty:
        raise PanelError("panel: the frame has no rows; pass at least one series")
    stamps = _stamps(frame["timestamp"], grain)
    stop = _utc(end) if end is not None else moments(stamps.max(), np.array([1]), grain)[0]
    _check_end(stamps, stop, grain)
    codes, ids = _ids(frame)
    start = stamps.min()
    columns = steps_between(start, stamps, grain)
    width = int(steps_between(start, np.array([stop]), grain)[0])
    _check_unique(codes * width + columns, frame)
    y = np.full((len(ids), width), np.nan)
    y[codes, columns] = _values(frame["value"])
    return Panel(ids=ids, y=y, start=start, grain=grain)


def _ids(frame: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Row of each cell's series, and the sorted names."""
    nulls = frame[["service", "metric"]].isna().any()
    if nulls.any():
        raise PanelError(f"panel: column {nulls.idxmax()} holds nulls; name every series")
    service, metric = (pd.Categorical(frame[name].astype("string")) for name in ("service", "metric"))
    pair = service.codes.astype(np.int64) * len(metric.categories) + metric.codes
    pairs, codes = np.unique(pair, return_inverse=True)
    names = {
        "service": np.asarray(service.categories, dtype=object)[pairs // len(metric.categories)],
        "metric": np.asarray(metric.categories, dtype=object)[pairs % len(metric.categories)],
    }
    return codes, pd.DataFrame(names)


def _utc(moment: datetime | np.datetime64) -> np.datetime64:
    stamp = pd.Timestamp(moment)
    naive = stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    result: np.datetime64 = naive.to_datetime64().astype("datetime64[us]")
    return result


def _stamps(column: "pd.Series[pd.Timestamp]", grain: Grain) -> NDArray[np.datetime64]:
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise PanelError(
            f"panel: column timestamp is {column.dtype}, want a datetime; pass pd.to_datetime(..., utc=True)"
        )
    if column.isna().any():
        raise PanelError(f"panel: column timestamp has {int(column.isna().sum())} nulls; drop these rows or date them")
    aware = column if column.dt.tz is None else column.dt.tz_convert("UTC").dt.tz_localize(None)
    stamps: NDArray[np.datetime64] = aware.to_numpy().astype("datetime64[us]")
    off = stamps != floor(stamps, grain)
    if off.any():
        raise PanelError(
            f"panel: column timestamp has {int(off.sum())} stamps that are not whole UTC {WHOLE[grain]}, first "
            f"{stamps[off][0]}; aggregate to grain {grain!r} before"
        )
    return stamps


def _check_end(stamps: NDArray[np.datetime64], stop: np.datetime64, grain: Grain) -> None:
    if stop != floor(np.array([stop]), grain)[0]:
        raise PanelError(f"panel: end is {stop}, which is not a whole UTC step of grain {grain!r}; round it down")
    late = stamps >= stop
    if late.any():
        raise PanelError(f"panel: column timestamp has {int(late.sum())} stamps at or after end {stop}; drop them")


def _check_unique(cells: NDArray[np.int64], frame: pd.DataFrame) -> None:
    twice = pd.Series(cells).duplicated().to_numpy()
    if twice.any():
        first = frame.loc[frame.index[twice][:1], ["service", "metric", "timestamp"]].to_dict("records")[0]
        raise PanelError(
            f"panel: {int(twice.sum())} rows repeat a (service, metric, timestamp), first {first}; "
            "aggregate or drop duplicates before"
        )


def _values(column: "pd.Series[float]") -> Floats:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise PanelError(f"panel: column value is {column.dtype}, want a number; pass pd.to_numeric(...)")
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)
