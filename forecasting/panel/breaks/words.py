"""What the breaks of a panel say: a table of them, and one line on the state that each series is forecast from."""

import numpy as np
import pandas as pd

from forecasting.panel.breaks.kinds import MOVED, Break, Kind
from forecasting.panel.breaks.view import Found
from forecasting.panel.grain import DAY
from forecasting.panel.series import Panel

NEW_LEVEL_DAYS = 28  # after a move: until then the errors of the level before say nothing of this one
OPEN: dict[Kind, str] = {
    "outage": "outage since {since}",
    "saturation": "at its limit of {level} since {since}: what is wanted above it is not known",
    "excursion": "away from its level since {since}",
    "ramp": "moving since {since}",
}
COLUMNS = ["service", "metric", "grain", "kind", "from_utc", "to_utc", "is_open", "factor", "level", "evidence"]


def breaks_table(panel: Panel, found: Found) -> pd.DataFrame:
    """service, metric, grain, kind, from_utc, to_utc, is_open, factor, level, evidence: one row a break.

    What is open has no to_utc, nor has a step or a variance: they go on. `level` is that of the break less what was
    usual (unit of the metric), of a saturation the ceiling.
    """
    rows = []
    for (service, metric), breaks in zip(panel.ids[["service", "metric"]].to_numpy(), found, strict=True):
        for one in breaks:
            begin, end = panel.at(np.array([one.begin, one.end]))
            ends = pd.NaT if one.is_open or one.kind in ("step", "variance") else pd.Timestamp(end)
            factor = one.factor if np.isfinite(one.factor) else None
            told = (one.kind, pd.Timestamp(begin), ends, one.is_open, factor, one.shift, one.evidence)
            rows.append((service, metric, panel.grain, *told))
    table = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(["service", "metric", "kind", "from_utc"])
    return table.astype({"factor": float, "level": float, "evidence": float, "is_open": bool})


def status(panel: Panel, breaks: tuple[Break, ...], *, is_stopped: bool = False) -> str | None:
    """Say what is to be known of a series now; None where nothing is."""
    columns, day = panel.y.shape[1], DAY[panel.grain]
    for one in reversed(breaks):
        since = str(panel.at(np.array([one.begin]))[0])[: 16 if day > 1 else 10].replace("T", " ")
        if is_stopped and one.kind in ("outage", "step"):
            return f"stopped since {since}"
        if one.is_open and one.kind in OPEN:
            return OPEN[one.kind].format(since=since, level=f"{one.shift:,.6g}")
        if one.kind == "variance" and columns - one.begin < NEW_LEVEL_DAYS * day:
            return f"varies {one.factor:.2g} times as much since {since[:10]}"
        if is_new_level((one,), columns, day):
            days = round((columns - one.end) / day)
            return f"new level, {days} {'day' if days == 1 else 'days'} known"
    return None


def is_new_level(breaks: tuple[Break, ...], columns: int, day: int) -> bool:
    """Tell whether the level is known for days only."""
    return any(one.kind in MOVED and columns - one.end < NEW_LEVEL_DAYS * day for one in breaks)
