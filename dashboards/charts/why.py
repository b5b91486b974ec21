"""Charts of reasons: the steps from one month to the next, the regret of a commitment, what headroom risks."""

import numpy as np
from numpy.typing import NDArray

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.charts.layout import BACKTEST, FORECAST, LIMIT
from dashboards.queries import Frame
from dashboards.words.wording import change, money, percent, signed

ENDS = ("before", "after")
SAME = 0.0005  # of the cost: a change below is none
CENT = 0.005


def waterfall(frame: Frame) -> Figure:
    """Return the steps from the month before to the newest. Columns of why/total; one currency."""
    names = [str(step) for step in frame["step"]]
    values = np.asarray(frame["amount"], dtype=np.float64)
    bases: list[float] = []
    colours: list[str] = []
    level = 0.0
    for name, value in zip(names, values, strict=True):
        is_end = name in ENDS
        bases.append(0.0 if is_end else level)
        level = value if is_end else level + value
        step = "var(--c-bar-unused)" if value > 0 else "var(--c-bar-credit)"
        colours.append("var(--c-bar-usage)" if is_end else step)
    bars: Trace = {
        "type": "bar",
        "name": "cost",
        "x": names,
        "y": traces.numbers(values),
        "base": traces.numbers(np.asarray(bases)),
        "marker": {"color": colours},
    }
    legend: Legend = [("bar-usage", "cost of the month"), ("bar-unused", "dearer"), ("bar-credit", "cheaper")]
    drawn = layout.figure([bars], legend, "effective cost", finding=_moved(names, values))
    reach = [value for pair in zip(bases, values, strict=True) for value in (pair[0], pair[0] + pair[1])]
    # Small steps between two large months need their part of the height.
    tops = [value for name, value in zip(names, reach[1::2], strict=True) if name]
    low = max(0.0, min(*tops, *(base for base in bases if base)) * 0.9) if min(tops) > 0 else min(0.0, *tops)
    ends = (low, max(reach) + 0.06 * (max(reach) - low or 1.0))
    return layout.up(layout.over_names(drawn, names), ends=ends)


def _moved(names: list[str], values: NDArray[np.float64]) -> str:
    """Say the change of the month, and the two steps that are largest."""
    before, after = float(values[0]), float(values[-1])
    share = f" ({change(after / before - 1, 1)})" if before > 0 else ""
    is_level = abs(after - before) < SAME * max(abs(before), abs(after))
    words = "As much as the month before" if is_level else f"{signed(after - before)}{share} on the month before"
    steps = sorted(
        ((name, float(value)) for name, value in zip(names, values, strict=True) if name not in ENDS),
        key=lambda step: -abs(step[1]),
    )
    named = [f"{name} {signed(value)}" for name, value in steps[:2] if abs(value) >= CENT]
    return f"{words}: {', '.join(named)}" if named else words


def regret(frame: Frame) -> Figure:
    """Return what each level of commitment regrets, on average and at worst. Columns of commitments/regret."""
    lines = (
        ("regret_usd_month", "mean over futures", FORECAST, "solid", "line-simulated"),
        ("regret95_usd_month", "one future of twenty", BACKTEST, "dot", "line-backtest"),
    )
    levels = np.asarray(frame["level"], dtype=np.float64)
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": levels.tolist(),
            "y": traces.numbers(frame[column]),
            "line": {"color": colour, "width": 2, "dash": dash},
        }
        for column, name, colour, dash, _ in lines
    ]
    best = int(np.nanargmin(frame["regret_usd_month"]))
    currency = frame["currency"][0]
    least = money(float(frame["regret_usd_month"][best]))
    covered = f"{money(levels[best])} {currency} an hour of demand at list price is covered"
    finding = f"Least is regretted where {covered}: {least} a month"
    legend: Legend = [(role, name) for _, name, _, _, role in lines]
    drawn = layout.figure(
        data, legend, f"{currency} of regret a month, by demand covered an hour, at list price", finding=finding
    )
    layout.up(layout.over_numbers(drawn, levels))
    drawn["layout"]["shapes"].append(traces.moment(float(levels[best]), LIMIT))
    return drawn


def trade(frame: Frame) -> Figure:
    """Return the risk of each number of units, today's and the advised one. Columns of capacity/trade; one limit."""
    units = np.asarray(frame["units"], dtype=np.float64)
    cost = np.asarray(frame["cost_usd_month"], dtype=np.float64)
    is_priced = bool(np.isfinite(cost).all())
    across = cost if is_priced else units
    risk = np.asarray(frame["breach_probability_90d"], dtype=np.float64)
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "chance to pass in 90 days",
            "x": across.tolist(),
            "y": traces.numbers(risk * 100),
            "line": {"color": FORECAST, "width": 2, "dash": "solid"},
            "marker": {"size": 6},
        }
    ]
    legend: Legend = [("line-simulated", "chance to pass in 90 days")]
    by = "by USD a month" if is_priced else "by capacity, in the unit of the limit"
    drawn = layout.figure(data, legend, by, finding=_trade_finding(frame))
    layout.up(layout.over_numbers(drawn, across), ends=(0.0, 105.0), suffix="%")
    now, advised = (np.flatnonzero(frame[name].astype(bool)) for name in ("is_current", "is_advised"))
    is_both = len(now) and len(advised) and now[0] == advised[0]
    marks = [("today, as advised" if is_both else "today", float(across[place]), layout.NOW) for place in now[:1]]
    marks += [("advised", float(across[place]), layout.TARGET) for place in advised[:1] if not is_both]
    middle = float(np.mean([place for _, place, _ in marks] if len(marks) > 1 else across)) if marks else 0.0
    for words, place, colour in marks:
        drawn["layout"]["shapes"].append(traces.moment(place, colour))
        drawn["layout"]["annotations"].append(
            traces.moment_label(place, words, colour, is_late=(place > middle) == (len(marks) == 1))
        )
    return drawn


def _trade_finding(frame: Frame) -> str:
    """Say what going from today's units to the advised ones costs or saves, and what it does to the risk."""
    now, advised = (np.flatnonzero(frame[name].astype(bool)) for name in ("is_current", "is_advised"))
    if not len(now) or not len(advised):
        return "No number of units keeps the plan of its tier"
    here, there = int(now[0]), int(advised[0])
    risks = [percent(float(frame["breach_probability_90d"][place])) for place in (here, there)]
    if here == there:
        return f"What there is today keeps the plan: the chance to pass in 90 days is {risks[0]}"
    more = float(frame["units"][there]) / float(frame["units"][here]) - 1
    price = float(frame["cost_usd_month"][there]) - float(frame["cost_usd_month"][here])
    cost = f", {money(abs(price))} USD a month {'more' if price > 0 else 'less'}" if np.isfinite(price) else ""
    goes = "falls" if more > 0 else "rises"
    risk = f"stays {risks[0]}" if risks[0] == risks[1] else f"{goes} from {risks[0]} to {risks[1]}"
    return f"{percent(abs(more))} {'more' if more > 0 else 'less'}{cost}: the chance to pass in 90 days {risk}"
