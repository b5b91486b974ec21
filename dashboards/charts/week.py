"""The hours of a week as a heat map: a cell an hour, darker where it is busier."""

import calendar
from collections.abc import Sequence

from markupsafe import Markup

from dashboards.queries import Row

HOURS = (0, 6, 12, 18)  # that are named
_NAMES = "".join(f'<b style="grid-row:{number + 1}">{calendar.day_name[number - 1][:3]}</b>' for number in range(1, 8))
_HEAD = "".join(f'<b class="hour" style="grid-column:{hour + 2}/span 6">{hour:02d}:00</b>' for hour in HOURS)


def draw_week(rows: Sequence[Row]) -> Markup:
    """Return the cells of service/hour_week as HTML; an hour that was never measured has none."""
    ratios = [(row["weekday"], row["hour"], _number(row["ratio"])) for row in rows]
    busiest = max((ratio for _, _, ratio in ratios), default=0.0) or 1.0
    cells = "".join(
        f'<i style="grid-area:{int(str(weekday)) + 1}/{int(str(hour)) + 2};--v:{max(ratio, 0) / busiest:.2f}"></i>'
        for weekday, hour, ratio in ratios
    )
    return Markup(f'<div class="week" role="img" aria-label="Heat map of the week">{_NAMES}{_HEAD}{cells}</div>')  # noqa: S704 - numbers


def say_week(rows: Sequence[Row]) -> str:
    """Say when the week is busiest."""
    known = [row for row in rows if _number(row["ratio"]) > 0]
    if not known:
        return "Hours of the week"
    top = max(known, key=lambda row: _number(row["ratio"]))
    weekday, hour = calendar.day_name[int(str(top["weekday"])) - 1], int(str(top["hour"]))
    return f"Busiest on {weekday} at {hour:02d}:00 UTC, {_number(top['ratio']):.1f} times the mean"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value == value else 0.0  # noqa: PLR0124 - NaN is not itself
