"""Chart of an anomaly: what was measured against what was expected, and the band outside which it alerts."""

import numpy as np

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend
from dashboards.charts.layout import FORECAST, MEASURED
from dashboards.charts.traces import DAY, HOUR
from dashboards.queries import Frame
from dashboards.words.wording import amount, change, currency_of, money, percent

VALUES = ("value", "expected", "lo", "hi")


def anomaly(frame: Frame) -> Figure:
    """Return the days or hours around an anomaly. Columns of anomalies/series; one anomaly."""
    share = bool(frame["is_share"][0])
    shown = {name: column * 100 if share and name in VALUES else column for name, column in frame.items()}
    step = HOUR if len(frame["time_utc"]) > 1 and frame["time_utc"][1] - frame["time_utc"][0] == HOUR else DAY
    band = traces.between(shown, ("lo", "hi"), step, "no alert within", "var(--c-band95)")
    expected = traces.line(shown, "expected", step, "expected", FORECAST, dash="dash")
    measured = traces.line(shown, "value", step, "measured", MEASURED)
    legend: Legend = [("line-measured", "measured"), ("line-forecast", "expected")]
    legend += [("block-band95", "no alert within")] if band else []
    legend.append(("block-reached", "the anomaly"))
    of = "hour, UTC" if step == HOUR else "day"
    drawn = layout.figure([*band, *expected, *measured], legend, f"by {of}", finding=_finding(frame, step, share=share))
    first, last = (layout.moment_of(frame[name][0]) for name in ("first_utc", "last_utc"))
    drawn["layout"]["shapes"].append(traces.span(first, last, "var(--c-reached)"))
    return layout.up(layout.over_time(frame, step, drawn), suffix="%" if share else "")


def _finding(frame: Frame, step: np.timedelta64, *, share: bool) -> str:
    """Say the worst step of it against what was expected then."""
    inside = (frame["time_utc"] >= frame["first_utc"][0]) & (frame["time_utc"] < frame["last_utc"][0])
    apart = np.where(inside, np.abs(frame["value"] - frame["expected"]), np.nan)
    kind = str(frame["kind"][0]).capitalize()
    if not np.isfinite(apart).any():
        return kind
    worst = int(np.nanargmax(apart))
    was, should = float(frame["value"][worst]), float(frame["expected"][worst])
    currency = currency_of(str(frame["metric"][0]))
    say = percent if share else money if currency else amount
    unit = f" {currency}" if currency else ""
    off = f" ({change(was / should - 1)})" if should > 0 else ""
    of = "hour" if step == HOUR else "day"
    return f"{kind}: {say(was)}{unit} in its worst {of} where {say(should)} was expected{off}"
