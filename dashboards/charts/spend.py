"""Charts of spend: a day by team, and the month added up against its budget."""

import numpy as np

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.charts.layout import MEASURED, TARGET
from dashboards.charts.traces import DAY
from dashboards.queries import Frame, split
from dashboards.words.wording import amount, change, day, money, percent, shorten

REST = "all other teams"  # of spend/day
SMALL = 0.2
HALF = 15  # days of a month: from here on words lie left of a moment


def stack_day(frame: Frame) -> Figure:
    """Return usage a day by team, stacked, and the forecast of the whole. Columns of spend/day; one currency."""
    data: list[Trace] = []
    legend: Legend = []
    totals: dict[str, float] = {}
    ahead: Frame = {}
    for (place, name), part in split(frame, "place", "part"):
        if place == "0":
            ahead = part
            continue
        settled = np.where(part["is_settled"].astype(bool), part["cost"], np.nan)
        open_days = np.where(part["is_settled"].astype(bool), np.nan, part["cost"])
        # A team's name is somebody's text: figures hold its place, the legend its name.
        data += traces.bars(dict(part) | {"cost": settled}, "cost", f"part {place}", f"part-{place}")
        legend.append((f"bar-part-{place}", f"{place} {shorten(name, 30)}"))
        totals[name] = float(np.nansum(part["cost"]))
        unsettled = traces.bars(dict(part) | {"cost": open_days}, "cost", f"part {place}, not settled", "unsettled")
        data += unsettled
    if any("not settled" in str(trace["name"]) for trace in data):
        legend.append(("bar-unsettled", "not settled yet"))
    lines, words = traces.band(ahead, DAY) if ahead else ([], [])
    drawn = layout.figure([*data, *lines], legend + words, "usage a day", finding=largest_words(totals))
    drawn["layout"]["barmode"] = "relative"
    drawn["layout"]["meta"]["note"] = "The forecast is of the whole bill." if lines else ""
    layout.up(layout.over_time(frame, DAY, drawn))
    layout.mark_now(drawn, frame)
    return drawn


def largest_words(totals: dict[str, float]) -> str:
    """Say which team, of those named, is the largest part; where none is large, what the named ones are together."""
    whole = sum(totals.values())
    named = {name: cost for name, cost in totals.items() if name != REST}
    if whole <= 0 or not named:
        return ""
    largest = max(named, key=lambda name: named[name])
    if len(totals) == 1:
        return f"All of it over 90 days is {shorten(largest, 40)}"
    words = f"{shorten(largest, 40)} is {percent(named[largest] / whole)} of it over 90 days"
    if named[largest] < SMALL * whole:
        words += f", the {len(named)} largest teams are {percent(sum(named.values()) / whole)}"
    return words


def month_sum(frame: Frame) -> Figure:
    """Return the month added up day by day against the budget. Columns of budgets/day."""
    budget = layout.first(frame, "budget")
    measured = traces.line(frame, "value", DAY, "settled", MEASURED)
    ahead = traces.line(frame, "mean", DAY, "forecast", layout.FORECAST, dash="dash")
    legend: Legend = [("line-measured", "settled, added up"), ("line-forecast", "with the forecast")]
    end = np.asarray([*frame["value"], *frame["mean"]], dtype=np.float64)
    last = float(np.nanmax(end)) if np.isfinite(end).any() else 0.0
    finding = f"The month ends at {money(last)} USD"
    if budget:
        finding += f", {change(last / budget - 1)} on the budget of {money(budget)}"
    drawn = layout.figure([*measured, *ahead], legend, "USD, services with a budget", finding=finding)
    layout.up(layout.over_time(frame, DAY, drawn), also=[budget] if budget else [])
    if budget:
        drawn["layout"]["shapes"].append(traces.level(budget, TARGET))
        drawn["layout"]["annotations"].append(traces.level_label(budget, f"budget<br>{amount(budget)}", TARGET))
    return drawn


def budget_fan(frame: Frame) -> Figure:
    """Return one budget's month added up, its fan of futures, and the day it is passed. Columns of budgets/fan."""
    budget, over, passed = (
        layout.first(frame, "budget"),
        layout.first(frame, "probability_over"),
        layout.first_day(frame, "passed_on"),
    )
    measured = traces.line(frame, "value", DAY, "settled", MEASURED)
    band = traces.between(frame, ("lo80", "hi80"), DAY, "80 %", "var(--c-band80)")
    ahead = traces.line(frame, "mean", DAY, "forecast", layout.FORECAST, dash="dash")
    legend: Legend = [
        ("line-measured", "settled, added up"),
        ("line-forecast", "forecast"),
        ("block-band80", "80 % of futures"),
    ]
    low, middle, high = (float(frame[column][-1]) for column in ("lo80", "mean", "hi80"))
    ends = f"the month ends at {money(middle)} (80 %: {money(low)} to {money(high)})"
    finding = f"{percent(over)} chance to pass {money(budget)}: {ends}"
    drawn = layout.figure([*measured, *band, *ahead], legend, "added up over the month", finding=finding)
    layout.up(layout.over_time(frame, DAY, drawn), also=[budget or 0.0])
    if budget:
        drawn["layout"]["shapes"].append(traces.level(budget, TARGET))
        drawn["layout"]["annotations"].append(traces.level_label(budget, f"budget<br>{amount(budget)}", TARGET))
    if passed:
        is_late = passed.day > HALF
        drawn["layout"]["shapes"].append(traces.moment(passed, TARGET))
        drawn["layout"]["annotations"].append(
            traces.moment_label(passed, f"passed {day(passed)}", TARGET, is_late=is_late)
        )
    return drawn
