"""What runs out, when? Every limit on one axis of time, what must be acted on first at the top."""

from datetime import date, datetime, timedelta

from dashboards.charts import why
from dashboards.charts.axes import time_ticks
from dashboards.page import NEVER, Column, Night, Page, Panel, Table
from dashboards.pages.columns import LIMIT
from dashboards.queries import Row, Value, read_rows

HORIZON_DAYS = 90
NEAR_TODAY = 8.0  # per cent of the axis: a day nearer would be written over today
MOST_LINES, MOST_PASSED = 40, 25  # of the picture: the table has them all


def _context(night: Night) -> dict[str, object]:
    start = night.as_of or NEVER
    end = start + timedelta(days=HORIZON_DAYS)
    rows = read_rows(night.con, "capacity/limit", night.parameters)
    passed = [row for row in rows if row["level"] == "over"]
    dated = [row for row in rows if row["p10_date"] is not None and row["level"] != "over"]
    days, words = time_ticks(*(date_to_moment(each) for each in (start, end)))
    ticks = [(_place(date.fromisoformat(day), start), text) for day, text in zip(days, words, strict=True)]
    return {
        "lines": [_line(row, start) for row in dated[:MOST_LINES]],
        "passed": passed[:MOST_PASSED],
        "passed_more": len(passed[MOST_PASSED:]),
        "lines_more": len(dated[MOST_LINES:]),
        "undated": len(rows) - len(dated) - len(passed),
        "axis": [(0.0, "today"), *((place, text) for place, text in ticks if place and place > NEAR_TODAY)],
    }


def date_to_moment(day: date) -> datetime:
    """Return the first moment of a day."""
    return datetime(day.year, day.month, day.day)


def _line(row: Row, start: date) -> dict[str, Value]:
    """Return a limit with its dates as places on the axis, in per cent of its length."""
    p10, p90 = _place(row["p10_date"], start), _place(row["p90_date"], start)
    lead = row["lead_time_days"]
    act_by = row["act_by"]
    ordered_until = act_by + timedelta(days=lead) if isinstance(act_by, date) and isinstance(lead, int) else None
    return {
        **row,
        "left": p10 if p10 is not None else 0.0,
        "right": p90 if p90 is not None else 100.0,
        "likely": _place(row["p50_date"], start),
        "act": _place(act_by, start),
        "lead_end": _place(ordered_until, start),
    }


def _place(day: Value, start: date) -> float | None:
    if not isinstance(day, date):
        return None
    return round(min(max((day - start).days / HORIZON_DAYS * 100, 0.0), 100.0), 2)


PAGE = Page(
    file="capacity.html",
    title="Capacity",
    question="What runs out, when?",
    context=_context,
    panels=(Panel("trade", "capacity/trade", why.trade, ("service", "metric")),),
    tables=(
        Table(
            "capacity/limit",
            "Every limit, what must be acted on first at the top",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("level", "Advice", "level"),
                *LIMIT,
            ),
            empty="No limit is known: name one in the catalog.",
        ),
    ),
)
