"""What the breaks of a panel say: a table of them, and one line on the state that each series is forecast from."""

import numpy as np
import pandas as pd

from forecasting.panel.breaks.kinds import MOVED, Break
from forecasting.panel.breaks.view import Found
from forecasting.panel.grain import DAY
from forecasting.panel.series import Panel

NEW_LEVEL_DAYS = 28  # after a move: until then the errors of the level before say nothing of this one
COLUMNS = ["service", "metric", "grain", "kind", "from_utc", "to_utc", "is_open", "factor", "level", "evidence"]


def breaks_table(panel: Panel, found: Found) -> pd.DataFrame:
    """service, metric, grain, kind, from_utc, to_utc, is_open, factor, level, evidence: one row a break.

    What is open has no to_utc, nor has a step: its level goes on. `level` is that of the break less what was usual
    (unit of the metric), of a saturation the ceiling.
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


def status(panel: Panel, breaks: tuple[Break, ...]) -> str | None:
    """Say what is to be known of a series now; None where nothing is."""
    columns, day = panel.y.shape[1], DAY[panel.grain]
    for one in reversed(breaks):
        since = str(panel.at(np.array([one.begin]))[0])[: 16 if day > 1 else 10].replace("T", " ")
        if one.kind == "outage" and one.is_open:
            return f"outage since {since}"
        if one.kind == "saturation" and one.is_open:
            return f"at its limit of {one.shift:,.6g} since {since}: what is wanted above it is not known"
        if one.kind == "excursion" and one.is_open:
            return f"away from its level since {since}"
        if one.kind == "ramp" and one.is_open:
            return f"moving since {since}"
        if is_new_level((one,), columns, day):
            days = round((columns - one.end) / day)
            return f"new level, {days} {'day' if days == 1 else 'days'} known"
    return None


def is_new_level(breaks: tuple[Break, ...], columns: int, day: int) -> bool:
    """Tell whether the level is known for days only."""
    return any(one.kind in MOVED and columns - one.end < NEW_LEVEL_DAYS * day for one in breaks)
