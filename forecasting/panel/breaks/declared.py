"""Breaks as people say them: marked where none was found, unmarked where what was found is none."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecasting import nanstats
from forecasting.panel.breaks.kinds import LEFT, MOVED, Break
from forecasting.panel.breaks.view import Found
from forecasting.panel.grain import SEASONS, Grain
from forecasting.panel.series import Panel

Floats = NDArray[np.float64]

AROUND_WEEKS = 4  # beside a declared break, that tell its levels


class DeclaredBreak(BaseModel):
    """One break of a service's load. Times are UTC; `to` is the first moment after it, without one it goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    service: str
    metric: str | None = None  # None: every metric
    kind: Literal["outage", "excursion", "step", "ramp"] | None = None  # to be marked; to be unmarked, None is any
    begins: datetime | date = Field(alias="from")
    ends: datetime | date | None = Field(None, alias="to")
    unmark: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> "DeclaredBreak":
        if not self.unmark and self.kind is None:
            raise ValueError("a break that is marked needs a kind: outage, excursion, step or ramp")
        if self.ends is not None and pd.Timestamp(self.ends) < pd.Timestamp(self.begins):
            raise ValueError(f"to ({self.ends}) lies before from ({self.begins})")
        if not self.unmark and self.kind == "ramp" and self.ends is None:
            raise ValueError("a ramp that is marked needs a to: the first moment at the new level")
        return self


def declare(found: Found, panel: Panel, declared: Sequence[DeclaredBreak]) -> list[tuple[Break, ...]]:
    """Add what is marked to the breaks of each series of the panel, and take out what is unmarked."""
    out = [tuple(breaks) for breaks in found]
    names = panel.ids[["service", "metric"]].to_numpy()
    for one in declared:
        begin, end = _columns(one, panel)
        for row, (service, metric) in enumerate(names):
            if service != one.service or one.metric not in (None, metric):
                continue
            rest = [b for b in out[row] if not (_meets(b, begin, end) and one.kind in (None, b.kind))]
            if not one.unmark and 0 < begin < panel.y.shape[1]:
                rest = [b for b in out[row] if not _meets(b, begin, end)]  # what people say stands for what was found
                rest.append(_marked(one, panel.y[row], (begin, end), panel.grain))
            out[row] = tuple(sorted(rest, key=lambda b: (b.begin, b.end)))
    return out


def _columns(one: DeclaredBreak, panel: Panel) -> tuple[int, int]:
    """Column that it begins in, and the one after its last; of a step without a `to` that is the same one."""
    total = panel.y.shape[1]
    begin = int(np.searchsorted(panel.times, _utc(one.begins)))
    if one.kind == "step":
        return begin, begin
    end = total if one.ends is None else int(np.searchsorted(panel.times, _utc(one.ends)))
    return begin, min(max(end, begin), total)


def _utc(moment: datetime | date) -> np.datetime64:
    stamp = pd.Timestamp(moment)
    naive = stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    result: np.datetime64 = naive.to_datetime64().astype("datetime64[us]")
    return result


def _meets(one: Break, begin: int, end: int) -> bool:
    return one.begin <= max(end, begin) and begin <= max(one.end, one.begin)


def _marked(one: DeclaredBreak, y: Floats, span: tuple[int, int], grain: Grain) -> Break:
    """Measure the levels before and in it, or after it where it moved, on the same hours and days of the week."""
    begin, end = span
    kind, week = one.kind or "excursion", SEASONS[grain][-1]
    before = y[max(0, begin - AROUND_WEEKS * week) : begin]
    inside = y[end : end + AROUND_WEEKS * week] if kind in MOVED else y[begin:end]
    if len(before) >= week:
        usual = nanstats.median(before[len(before) % week :].reshape(-1, week), axis=0)
        start = (end if kind in MOVED else begin) - begin
        before = usual[(start + np.arange(len(inside))) % week]
    both = ~np.isnan(before[: len(inside)]) & ~np.isnan(inside[: len(before)])
    old, new = (float(part[: len(both)][both].mean()) if both.any() else np.nan for part in (before, inside))
    is_ratio = bool(old > 0 and new > 0 and not np.any(y < 0))
    return Break(
        kind,
        begin,
        end,
        is_open=kind in LEFT and end == len(y),
        factor=new / old if is_ratio or (kind in LEFT and old > 0) else np.nan,
        shift=new - old if np.isfinite(new - old) else 0.0,
        evidence=np.nan,
    )
