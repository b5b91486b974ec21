"""Charts of cost: a day by component with its forecast, and what a million requests cost."""

import numpy as np

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.charts.layout import MEASURED, TARGET
from dashboards.charts.traces import DAY
from dashboards.queries import Frame
from dashboards.words.wording import amount, change, money, rate

COMPONENTS = (
    ("usage_cost", "usage", "usage"),
    ("shared_cost", "part of shared services", "shared"),
    ("unused_cost", "unused commitment", "unused"),
    ("unsettled_cost", "not settled yet", "unsettled"),
    ("support_cost", "support", "support"),
    ("tax_cost", "tax", "tax"),
    ("credit_cost", "credit", "credit"),
)
ONCE = ("support_cost", "tax_cost", "credit_cost")  # charges of one day for a month: they would flatten the others
SPIKE = 1.3  # times the days of use that the axis shows: bars beyond are cut, and said


def cost_day(frame: Frame) -> Figure:
    """Return cost a day by component and its forecast. Columns of service/cost_day; one service and currency."""
    return _cost(frame, COMPONENTS, [name for name, _, _ in COMPONENTS if name not in (*ONCE, "unsettled_cost")])


def spend_day(frame: Frame) -> Figure:
    """Return a currency's cost a day and its forecast. Columns of index/spend_day."""
    parts = (("settled_cost", "usage", "usage"), ("unsettled_cost", "not settled yet", "unsettled"))
    return _cost(frame, parts, ["settled_cost"])


def unit_cost(frame: Frame) -> Figure:
    """Return what a million units cost and the target. Columns of service/unit_cost; one service and currency."""
    data = traces.line(frame, "cost_per_million", DAY, "per million", MEASURED)
    target = layout.first(frame, "target_unit_cost")
    of = f"{frame['currency'][0]} per million {frame['unit'][0]}"
    legend: Legend = [("line-measured", "settled days")]
    if target is not None and data:
        legend.append(("line-target", "target"))
    drawn = layout.figure(data, legend, of, finding=_unit_finding(frame, target, of))
    layout.up(layout.over_time(frame, DAY, drawn), also=[target] if target is not None and data else [])
    if target is not None and data:
        drawn["layout"]["shapes"] = [traces.level(target, TARGET, dash="dot")]
        drawn["layout"]["annotations"] = [traces.level_label(target, f"target<br>{amount(target)}", TARGET)]
    return drawn


def _cost(frame: Frame, components: tuple[tuple[str, str, str], ...], settled: list[str]) -> Figure:
    data: list[Trace] = []
    legend: Legend = []
    for column, name, role in components:
        bars = traces.bars(frame, column, name, role)
        data += bars
        legend += [(f"bar-{role}", name)] if bars else []
    ahead, words = traces.band(frame, DAY)
    drawn = layout.figure([*data, *ahead], legend + words, "effective cost a day", finding=_finding(frame, settled))
    drawn["layout"]["barmode"] = "relative"
    layout.up(layout.over_time(frame, DAY, drawn))
    _cut_spikes(frame, drawn)
    layout.mark_now(drawn, frame)
    return drawn


def _cut_spikes(frame: Frame, drawn: Figure) -> None:
    """Let the axis end above the days of use where a tax or a credit of one day would flatten them, and say so."""
    once = [name for name in ONCE if name in frame]
    use = sum(np.nan_to_num(frame[name]) for name in frame if name.endswith("_cost") and name not in once)
    top = float(max(np.max(use, initial=0.0), np.max(np.nan_to_num(frame["hi95"]), initial=0.0))) * SPIKE
    low = -top / 2
    if not once or not top:
        return
    cut = [
        f"{name.removesuffix('_cost')} of up to {money(float(extreme))} on one day"
        for name in once
        if np.isfinite(frame[name]).any()
        and ((extreme := np.nanmax(frame[name])) + np.max(use) > top or (extreme := np.nanmin(frame[name])) < low)
    ]
    if cut:
        ends = drawn["layout"]["yaxis"]["range"]
        layout.up(drawn, ends=(max(ends[0], low), min(ends[1], top)))
        drawn["layout"]["meta"]["note"] = f"Bars are cut at the edge: {', '.join(cut)}."


def _finding(frame: Frame, columns: list[str]) -> str:
    """Say what a settled day costs lately, against the days before."""
    cost = sum(np.nan_to_num(frame[name]) for name in columns)
    known = np.any([np.isfinite(frame[name]) for name in columns], axis=0)
    days = np.asarray(cost)[known]
    if not len(days):
        return "No settled day yet"
    recent, before = days[-30:], days[-60:-30]
    words = f"{money(float(recent.mean()))} a day over the last {len(recent)} settled days"
    if len(before) == len(recent) and before.mean() > 0:
        words += f", {change(float(recent.mean() / before.mean()) - 1, 1)} on the {len(before)} before"
    return words


def _unit_finding(frame: Frame, target: float | None, of: str) -> str:
    values = np.asarray(frame["cost_per_million"], dtype=np.float64)
    recent = values[np.isfinite(values)][-28:]
    if not len(recent):
        return "No day has a unit cost"
    words = f"The last {len(recent)} settled days cost {rate(float(recent.min()))} to {rate(float(recent.max()))} {of}"
    return f"{words}, {int((recent > target).sum())} of them over the target" if target else words
