"""Where the results of a panel's contests come together, in the panel's order and units."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.options import ForecastOptions
from forecasting.outcome import Missed, Outcome, Vintages
from forecasting.panel.breaks.words import breaks_table, status
from forecasting.panel.day_effects import Calendar, effects
from forecasting.panel.history import Found
from forecasting.panel.raw_counter import STATUS, raw_counters
from forecasting.panel.series import Panel
from forecasting.paths.simulate import LONG_CORRELATION, SHORT_CORRELATION

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Leaderboard:
    """Arrays to be filled by rows; NaN is not yet, or not possible."""

    panel: Panel
    horizon: int
    bands: Floats  # (band, series, step)
    vintages: Vintages
    seconds: Floats  # by series
    short: Floats  # correlation of neighbouring errors, by series
    long: Floats  # correlation of far errors, by series
    calendar: Calendar | None  # holidays and events
    breaks: Found  # by series
    kept: dict[int, list[str]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    missed: dict[int, Missed] = field(default_factory=dict)

    @classmethod
    def empty(cls, panel: Panel, horizon: int, origins: int, calendar: Calendar | None, breaks: Found) -> "Leaderboard":
        """Lay out room for every series of the panel."""
        series = len(panel.y)
        vintages = Vintages(
            bands=np.full((origins, 5, series, horizon), np.nan),
            actual=np.full((origins, series, horizon), np.nan),
            naive=np.full((origins, series, horizon), np.nan),
            made_on=np.full((origins, series), np.datetime64("NaT", "us")),
        )
        return cls(
            panel,
            horizon,
            bands=np.full((5, series, horizon), np.nan),
            vintages=vintages,
            seconds=np.zeros(series),
            short=np.full(series, SHORT_CORRELATION),
            long=np.full(series, LONG_CORRELATION),
            calendar=calendar,
            breaks=breaks,
        )

    def factors(self, rows: NDArray[np.intp], origin: int, horizon: int) -> Floats:
        """Effects of holidays and events (series, step), from what was known at `origin`; 1 where there are none."""
        if self.calendar is None:
            return np.ones((len(rows), horizon))
        factors = effects(self.calendar, self.panel, origin, horizon)
        return factors[rows]

    def outcome(self, classes: NDArray[np.str_], points: NDArray[np.intp], opts: ForecastOptions) -> Outcome:
        """Hand over, with a note on each series."""
        kept = [self.kept.get(row, []) for row in range(len(self.panel.y))]
        counted = raw_counters(self.panel)
        said = [
            STATUS if is_raw else status(self.panel, breaks, is_stopped=name == "stopped")
            for is_raw, breaks, name in zip(counted, self.breaks, classes, strict=True)
        ]
        notes = pd.DataFrame(
            {
                "series_class": classes.astype(object),
                "model": [_label(names) for names in kept],
                "models_kept": kept,
                "history_points": points,
                "seconds": self.seconds,
                "status": pd.Series(said, dtype=object),
                "fallback_reason": pd.Series([self.reasons.get(row) for row in range(len(kept))], dtype=object),
            }
        )
        return Outcome(
            panel=self.panel,
            bands=self.bands,
            vintages=self.vintages,
            shown=opts.vintages,
            notes=notes,
            correlation=(self.short, self.long),
            seed=opts.seed,
            missed=self.missed,
            breaks=breaks_table(self.panel, self.breaks),
        )


def _label(kept: list[str]) -> str:
    """One name for the table: the candidate itself, or the best one and how many are combined."""
    if not kept:
        return "none"
    return kept[0] if len(kept) == 1 else f"middle of {len(kept)}: {kept[0]}"
