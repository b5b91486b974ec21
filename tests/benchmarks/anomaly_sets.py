"""Labelled data sets of anomalies, and how found episodes are counted against them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.decisions.anomalies.load_episode import WINDOW_DAYS, load_findings

MONTH_DAYS = 30.44
Span = tuple[pd.Timestamp, pd.Timestamp]
NOTHING_DECLARED = pd.DataFrame(columns=["service", "metric", "first_day", "last_day", "muted_by"])


@dataclass(frozen=True)
class Labelled:
    """A series by the hour: means and peaks, and the spans that people labelled."""

    name: str
    mean: pd.Series
    peak: pd.Series
    spans: list[Span]


@dataclass(frozen=True)
class Counted:
    """How the alerts of several series did."""

    recall: float  # of the labelled spans, those that an alert touches
    precision: float  # of the alerts, those that touch a labelled span
    alerts: int
    alerts_a_month: float  # a series


def nab(folder: Path) -> list[Labelled]:
    """17 CloudWatch metrics of 5 minutes with windows (Numenta Anomaly Benchmark)."""
    windows = json.loads((folder / "label_windows.json").read_text(encoding="utf-8"))
    found = []
    for file in sorted(folder.glob("*.csv")):
        values = pd.read_csv(file, parse_dates=["timestamp"]).set_index("timestamp")["value"]
        spans = [(pd.Timestamp(first), pd.Timestamp(last)) for first, last in windows.get(file.name, [])]
        found.append(Labelled(file.stem, values.resample("h").mean(), values.resample("h").max(), spans))
    return found


def microsoft(folder: Path) -> list[Labelled]:
    """31 service metrics of minutes and hours; an hour with a labelled point is labelled, and one to each side."""
    found = []
    for file in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(file)
        frame.index = pd.to_datetime(frame["TimeStamp"].str[:19])
        label = frame["Label"].resample("h").max().fillna(0).to_numpy() > 0
        hours = frame["Value"].resample("h").mean().index
        edges = np.flatnonzero(np.diff(np.r_[False, label, False]))
        spans = [
            (hours[first] - pd.Timedelta(hours=1), hours[last - 1] + pd.Timedelta(hours=2))
            for first, last in zip(edges[::2], edges[1::2], strict=True)
        ]
        value = frame["Value"]
        found.append(Labelled(file.stem, value.resample("h").mean(), value.resample("h").max(), spans))
    return found


def alerts(series: Labelled, minimum: float) -> list[Span]:
    """Return what a night after the last hour finds and does not call small."""
    as_of = (series.mean.index[-1] + pd.Timedelta(days=1)).date()
    load = as_load(series, as_of)
    found = load_findings(load, NOTHING_DECLARED, as_of, minimum)
    return [(finding.start, finding.end) for finding in found if not finding.is_small]


def as_load(series: Labelled, as_of: date) -> pd.DataFrame:
    """Return a series as the night's query gives it: hours since the first midnight of the window."""
    first = pd.Timestamp(as_of - timedelta(days=WINDOW_DAYS))
    known = series.mean.notna().to_numpy()
    hours = ((series.mean.index - first) // pd.Timedelta(hours=1)).to_numpy()[known]
    row = {"service": series.name, "metric": "value", "kind": "gauge"}
    lists = {"hour": [hours], "value": [series.mean.to_numpy()[known]], "peak": [series.peak.to_numpy()[known]]}
    return pd.DataFrame({name: [value] for name, value in row.items()} | lists)


def count(sets: Sequence[Labelled], found: Sequence[Sequence[Span]]) -> Counted:
    """Count alerts against labels, series by series."""
    right = touched = total = labelled = 0
    months = 0.0
    for series, spans in zip(sets, found, strict=True):
        right += sum(any(_meet(alert, span) for span in series.spans) for alert in spans)
        touched += sum(any(_meet(alert, span) for alert in spans) for span in series.spans)
        total, labelled = total + len(spans), labelled + len(series.spans)
        months += (series.mean.index[-1] - series.mean.index[0]) / pd.Timedelta(days=MONTH_DAYS)
    return Counted(touched / labelled, right / max(1, total), total, total / months)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and one[1] > other[0]


@dataclass(frozen=True)
class Verdict:
    """The alerts of a company with planted episodes against what was planted."""

    cost: int
    cost_named: int  # of them, those whose cells name the planted product and region
    cost_first_day: int  # of the planted steps, those first seen the night their first day was settled
    load: int
    quiet: int  # alerts of services that nothing was planted in
    unexplained: int
    planted_cost: int
    planted_load: int
    planted_steps: int


def judge_company(truth: dict[str, object], anomalies: pd.DataFrame, parts: pd.DataFrame, settle_days: int) -> Verdict:
    """Hold a night's tables against a truth.json of the make of ../shared/incidents."""
    shown = anomalies[~anomalies["is_muted"]]
    shown = shown.assign(end=pd.to_datetime(shown["to_utc"]).fillna(pd.Timestamp(str(truth["as_of"]))))
    cost = shown[shown["metric"].str.startswith("cost_")]
    load = shown[~shown["metric"].str.startswith("cost_")]
    costs, loads = list(truth["cost_episodes"]), list(truth["load_episodes"])  # type: ignore[call-overload]
    found = [episode for episode in costs if len(_of(cost, episode))]
    steps = [episode for episode in costs if episode["kind"] == "step"]
    explained = set()
    for episode in costs + loads:
        explained |= set(_of(shown, episode, slack_days=1).index)
    for change in list(truth["changes"]):  # type: ignore[call-overload]
        since = pd.Timestamp(change["from"])
        mine = shown["service"].isin([change.get("service"), "(total)"] if "service" in change else ["(total)"])
        explained |= set(shown[mine & (shown["end"] > since)].index)
    return Verdict(
        cost=len(found),
        cost_named=sum(_is_named(episode, cost, parts) for episode in found),
        cost_first_day=sum(_is_seen_at_once(episode, cost, settle_days) for episode in steps),
        load=sum(bool(len(_of(load, episode))) for episode in loads),
        quiet=int(shown["service"].isin(list(truth["quiet_services"])).sum()),  # type: ignore[call-overload]
        unexplained=len(shown) - len(explained),
        planted_cost=len(costs),
        planted_load=len(loads),
        planted_steps=len(steps),
    )


def _of(shown: pd.DataFrame, episode: dict[str, str], slack_days: int = 0) -> pd.DataFrame:
    start, end = pd.Timestamp(episode["start"]), pd.Timestamp(episode["end"]) + pd.Timedelta(days=slack_days)
    return shown[(shown["service"] == episode["service"]) & (shown["from_utc"] < end) & (shown["end"] > start)]


def _is_named(episode: dict[str, str], cost: pd.DataFrame, parts: pd.DataFrame) -> bool:
    mine = _of(cost, episode)[["service", "metric", "from_utc"]].merge(parts, on=["service", "metric", "from_utc"])
    return bool(((mine["product"] == episode["product"]) & (mine["region"] == episode["region"])).any())


def _is_seen_at_once(episode: dict[str, str], cost: pd.DataFrame, settle_days: int) -> bool:
    due = date.fromisoformat(episode["start"]) + timedelta(days=settle_days)
    return bool((pd.to_datetime(_of(cost, episode)["first_seen"]).dt.date <= due).any())
