"""What if: the same futures as the forecast's, changed, beside what they are unchanged."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.headroom import judge_limits, limits_by_step, peaks_of
from forecasting.decisions.night import Frames, Night, Rows
from forecasting.decisions.scenario_effect import (
    Assumed,
    Change,
    price_factor,
    request_factor,
    scaled_use,
    with_commitments,
    with_limits,
)
from forecasting.decisions.scenario_scope import scope_sums
from forecasting.decisions.unit_cost_forecast import UNKNOWN_CORRELATION, paired_ratio
from forecasting.paths.calendar_sums import period_starts
from forecasting.paths.stored import Block, blocks

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
Row = dict[str, object]

FIGURES = {"headroom_ratio": "ratio", "probability_90d": "ratio", "units_to_add": "units", "usd_month": "USD"}
DATES = ("p10_date", "p50_date", "planned_date", "add_by")
OF_SERVICE = ("path", "limited", "known", "use", "response", "part")  # inputs that are read service by service
Months = dict[str, list[tuple[np.datetime64, Floats, Floats]]]  # by metric: start, futures of the sum without and with


class Scenario(BaseModel):
    """Cost, requests and unit cost by month, and headroom with its dates, with and without what a scenario changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    # An input that is another decision's too, of the services that scenarios change.
    also: ClassVar[Mapping[str, tuple[str, str]]] = {
        "limited": ("headroom/path", "service in (select service from scenario_change)"),
        "member": ("team_month/member", "true"),
        "sum": ("budget/sum", "period = 'm'"),
    }
    needs: ClassVar[str] = "change"  # without a row of it nothing else is read
    kind: Literal["scenario"] = "scenario"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`change`: what changes. `path`, `limited`: stored futures of cost and requests, and of what has a limit.

        `known`: what is settled of months; `use`, `response`: how use and cost follow requests; `part`: what cost is
        made of. `member`, `sum`: series of cost by team, and their months, of all services.
        """
        rows: list[Row] = []
        if inputs["change"].empty:
            return [Rows("scenario_result", pd.DataFrame())]
        split = {name: _split(inputs[name]) for name in OF_SERVICE}  # once: not a search a service
        for scenario, everywhere in inputs["change"].groupby("scenario", sort=True):
            changed: dict[tuple[str, str, np.datetime64], tuple[Floats, Floats]] = {}
            for service, changes in everywhere.groupby("service", sort=True):
                of = {name: _of(*split[name], str(service)) for name in OF_SERVICE}
                what: list[Change] = [{str(k): v for k, v in one.items()} for one in changes.to_dict("records")]
                months: Months = {}
                for row in _compare(what, of, night, months):
                    rows.append({"scenario": scenario, "scope": "service", "service": service} | row)  # noqa: PERF401 - two unpacked at once
                changed |= {
                    (str(service), metric, start): (without, with_it)
                    for metric, sums in months.items()
                    if metric.startswith("cost_")
                    for start, without, with_it in sums
                }
            rows += [{"scenario": scenario} | row for row in _of_scopes(changed, inputs)]
        return [Rows("scenario_result", pd.DataFrame(rows))]


def _of_scopes(
    changed: Mapping[tuple[str, str, np.datetime64], tuple[Floats, Floats]], inputs: Frames
) -> Iterator[Row]:
    """Yield the cost of months of teams that are changed, and of everything."""
    for one in scope_sums(changed, inputs["member"], inputs["sum"]):
        unit = one.metric.removeprefix("cost_").upper()
        row = _figure("cost", one.metric, one.start, unit, one.without, one.with_it)
        off = one.mean - float(str(row["baseline"]))  # drawn means differ a little from the sum of the services'
        moved = {name: float(str(row[name])) + off for name in row if name.startswith(("baseline", "result"))}
        yield {"scope": one.scope, "service": one.name} | row | moved | {"assumption": None}


def _split(frame: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Rows by service, and those that are of none."""
    by_service = {str(service): rows for service, rows in frame.groupby("service", sort=False)}
    return by_service, frame[frame["service"].isna()]


def _of(by_service: Mapping[str, pd.DataFrame], of_none: pd.DataFrame, service: str) -> pd.DataFrame:
    """Rows of a service, and those that are of none."""
    mine = by_service.get(service)
    if mine is None:
        return of_none
    return pd.concat([mine, of_none]) if len(of_none) else mine


def _compare(changes: list[Change], of: Mapping[str, pd.DataFrame], night: Night, months: Months) -> Iterator[Row]:
    """Yield what changes of a service; `months` is filled with the futures of its sums."""
    for block in blocks(of["path"]):
        paths = block.paths(night.paths)
        for row, facts in enumerate(block.facts.to_dict("records")):
            assumed = Assumed()
            changed = _changed(paths[row], {str(k): v for k, v in facts.items()}, changes, of, block.times, assumed)
            metric = str(facts["metric"])
            sums = _monthly(paths[row], changed, block.times, of["known"][of["known"]["metric"] == metric])
            months[metric] = sums
            unit = metric.removeprefix("cost_").upper() if facts["is_cost"] else metric
            measure = "cost" if facts["is_cost"] else "requests"
            for start, without, with_it in sums:
                yield _figure(measure, metric, start, unit, without, with_it) | _words(assumed)
    yield from _unit_costs(months, of["response"])
    for block in blocks(of["limited"]):
        yield from _limits(block, changes, of["use"], night)


def _changed(  # noqa: PLR0913, PLR0917 - a future, what it is of, and all that changes it
    path: Floats, facts: dict[str, object], changes: list[Change], of: Mapping[str, pd.DataFrame], times: Times,
    assumed: Assumed,
) -> Floats:  # fmt: skip
    """Return futures (path, day) of cost or requests as the scenario has them."""
    requests = request_factor(changes, times)
    if not facts["is_cost"]:
        return path * requests
    told = of["response"]["elasticity"].dropna()
    elasticity = float(told.iloc[0]) if len(told) else 1.0
    if not len(told) and (requests != 1).any():
        assumed.say("cost follows requests in proportion: nothing tells how it does")
    parts = of["part"][of["part"]["metric"] == facts["metric"]]
    factor = (1 + elasticity * (requests - 1)) * price_factor(changes, parts, times, assumed)
    return with_commitments(path * factor, changes, times, assumed)


def _monthly(
    without: Floats, with_it: Floats, times: Times, known: pd.DataFrame
) -> list[tuple[np.datetime64, Floats, Floats]]:
    """Return sums of whole months by future, without and with the scenario; what is known of a month is in both."""
    starts = period_starts(times, "month")
    measured = dict(zip(known["period_start"].to_numpy().astype("datetime64[M]"), known["value"], strict=True))
    months = []
    for start in np.unique(starts):
        month = start.astype("datetime64[M]")
        inside = starts == start
        if times[-1] + np.timedelta64(1, "D") < (month + 1).astype("datetime64[us]"):
            continue
        if times[0] > start and month not in measured:
            continue
        before = float(measured.get(month, 0.0)) if times[0] > start else 0.0
        months.append((start, without[:, inside].sum(axis=1) + before, with_it[:, inside].sum(axis=1) + before))
    return months


def _unit_costs(
    months: Mapping[str, list[tuple[np.datetime64, Floats, Floats]]], response: pd.DataFrame
) -> Iterator[Row]:
    """Yield cost a request by month: futures of both, paired as they move together."""
    told = response["correlation"].dropna()
    correlation = float(np.clip(told.iloc[0], -0.99, 0.99)) if len(told) else UNKNOWN_CORRELATION
    requests = [
        {start: (one, two) for start, one, two in sums}
        for metric, sums in months.items()
        if not metric.startswith("cost_")
    ]
    if not requests:
        return
    for metric, sums in months.items():
        if not metric.startswith("cost_"):
            continue
        for start, cost, cost_with in sums:
            if start not in requests[0]:
                continue
            z = np.random.Generator(np.random.Philox(20)).standard_normal((2, len(cost)))
            below = requests[0][start]
            if not all((one > 0).all() for one in below):
                continue
            pairs = (paired_ratio(cost, below[0], correlation, z), paired_ratio(cost_with, below[1], correlation, z))
            yield _figure("unit_cost", metric, start, f"{metric.removeprefix('cost_').upper()} a request", *pairs)


def _limits(block: Block, changes: list[Change], uses: pd.DataFrame, night: Night) -> Iterator[Row]:
    """Yield headroom and its dates, with and without the scenario."""
    paths, limits = peaks_of(block, night.paths), limits_by_step(block)
    factor = request_factor(changes, block.times)
    for row, metric in enumerate(block.facts["metric"]):
        assumed = Assumed()
        facts = block.facts.iloc[[row]].reset_index(drop=True)
        known = uses[uses["metric"] == metric]
        line = (
            {str(k): float(v) for k, v in known.drop(columns=["service", "metric"]).iloc[0].items()}
            if len(known)
            else None
        )
        if line is None and (factor != 1).any():
            assumed.say(f"{metric} follows requests in proportion: nothing tells what a request uses of it")
        changed = scaled_use(paths[row], factor, line)[None]
        moved = with_limits(limits[row], str(metric), changes, block.times)[None]
        without = judge_limits(facts, paths[[row]], limits[[row]], block.times).iloc[0]
        with_it = judge_limits(facts, changed, moved, block.times).iloc[0]
        same: Row = {"subject": metric, "period_start": night.as_of} | _words(assumed)
        for name, unit in FIGURES.items():
            figures = {"baseline": without[name], "result": with_it[name], "change": with_it[name] - without[name]}
            yield same | {"measure": name, "unit": unit} | figures
        for name in DATES:
            yield same | {"measure": name, "unit": "date", "baseline_date": without[name], "result_date": with_it[name]}


def _figure(measure: str, subject: str, start: np.datetime64, unit: str, without: Floats, with_it: Floats) -> Row:  # noqa: PLR0913, PLR0917 - a row
    row: Row = {
        "measure": measure,
        "subject": subject,
        "period_start": start.astype("datetime64[D]").item(),
        "unit": unit,
    }
    for name, futures in (("baseline", without), ("result", with_it), ("change", with_it - without)):
        low, high = np.quantile(futures, [0.1, 0.9])
        mean = float(futures.mean())
        row |= {name: mean, f"{name}_lo80": min(float(low), mean), f"{name}_hi80": max(float(high), mean)}
    return row


def _words(assumed: Assumed) -> Row:
    return {"assumption": "; ".join(assumed.words) or None}
