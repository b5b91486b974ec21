"""Anomalies of cost and load: episodes with kind, cause and cells, and what mutes them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.anomalies.band import Band, Key, key, shown_bands
from forecasting.decisions.anomalies.cells import GROUP, CostTable, cost_tables
from forecasting.decisions.anomalies.cost import JudgedCost, judge_cost
from forecasting.decisions.anomalies.cost_episode import KEYS, CostDays, CostEpisode, cost_episodes
from forecasting.decisions.anomalies.load_episode import LoadFinding, load_findings
from forecasting.decisions.anomalies.moved import WITHIN, Found, a_day, between, is_within
from forecasting.decisions.anomalies.muting import mute
from forecasting.decisions.anomalies.price_change import PriceChange, price_changes
from forecasting.decisions.night import Frames, Night, Rows

PART_COLUMNS = ["service", "metric", "from_utc", "place", "owner", *KEYS, "impact"]
TOTAL, UNALLOCATED = "(total)", "(unallocated)"
AROUND_DAYS = (35, 14)  # of the band of a cost, before and after its days


class Anomaly(BaseModel):
    """What was unlike what was expected. Settings are one for every series: fixed beforehand, never by data set."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["anomaly"] = "anomaly"
    lookback_days: int = 120
    minimum_impact: float = 10.0  # in the currency, of an episode of cost, where the configuration says nothing
    minimum_load_days: float = 0.10  # of what a usual day counts; of a gauge, of its usual level
    most_a_day: int = 6  # first seen on one day: those that are left are muted

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`cell`, `request`, `load`, `muted`, `service`: see data/sql/decide/anomaly."""
        loads = load_findings(inputs["load"], inputs["muted"], night.as_of, self.minimum_load_days)
        rows = [_load_row(finding) for finding in loads]
        parts: list[dict[str, object]] = []
        bands: dict[Key, Band] = {key(row): finding.band for row, finding in zip(rows, loads, strict=True)}
        least = inputs["service"]["minimum_impact"].fillna(self.minimum_impact)
        minimums = dict(zip(inputs["service"]["service"], least, strict=True))
        for table in cost_tables(inputs["cell"], inputs["request"]):
            for row, cells, band in _of_costs(table, loads, minimums, self.minimum_impact, night.as_of):
                rows.append(row)
                parts += cells
                bands |= {key(row): band} if band else {}
        oldest = pd.Timestamp(night.as_of) - pd.Timedelta(days=self.lookback_days)
        kept = [row for row in rows if row["to_utc"] is None or pd.Timestamp(str(row["to_utc"])) > oldest]
        muted = mute(kept, inputs["muted"], self.most_a_day)
        named = {(row["service"], row["metric"], row["from_utc"]) for row in kept}
        named_parts = [cell for cell in parts if (cell["service"], cell["metric"], cell["from_utc"]) in named]
        return [
            Rows("anomaly", pd.DataFrame(muted)),
            Rows("anomaly_part", pd.DataFrame(named_parts, columns=PART_COLUMNS)),
            Rows("anomaly_band", shown_bands(muted, bands)),
        ]


def _load_row(finding: LoadFinding) -> dict[str, object]:
    return {
        "service": finding.service,
        "metric": finding.metric,
        "from_utc": finding.start,
        "to_utc": None if finding.is_open else finding.end,
        "kind": finding.kind,
        "direction": "up" if finding.impact >= 0 else "down",
        "expected": finding.expected,
        "actual": finding.actual,
        "impact": finding.impact,
        "unit": finding.metric,
        "score": finding.score,
        "cause": finding.cause,
        "first_seen": finding.first_seen,
        "is_small": finding.is_small,
        "last_day": (finding.end - pd.Timedelta(hours=1)).date(),
    }


def _of_costs(
    table: CostTable, loads: list[LoadFinding], minimums: dict[str, float], minimum: float, as_of: date
) -> Iterator[tuple[dict[str, object], list[dict[str, object]], Band | None]]:
    """Yield each anomaly of cost in one currency with its cells, and what it stood out from."""
    judged = judge_cost(table.cost, table.load, table.usual, table.days)
    settle_days = (as_of - table.days[-1].astype(object)).days
    priced = [
        (keys, cells, change)
        for keys, cells in table.price_groups()
        for change in price_changes(table.list_cost[cells], table.quantity[cells])
    ]
    requests: dict[str, list[LoadFinding]] = defaultdict(list)
    for load in loads:
        if load.is_request and not load.is_small:
            requests[load.service].append(load)
    by_service = [(service, rows, _days_of(table, rows, judged)) for service, rows in table.services()]
    found = {service: cost_episodes(days, minimums.get(service, minimum)) for service, _, days in by_service}
    followed = {
        service: list(_followed(table, rows, found[service], requests[service], minimums.get(service, minimum)))
        for service, rows, _ in by_service
    }
    moved = _moved(table, by_service, found, followed)
    for service, rows, days in by_service:
        least, episodes = minimums.get(service, minimum), found[service]
        for episode in episodes:
            row = _cost_row(table, service, episode, least, settle_days)
            named = {rows[cell] for cell, _ in episode.cells}
            if episode.cause == "price" and any(
                named & set(cells) and change.start - 1 <= episode.start <= change.end for _, cells, change in priced
            ):
                row["said"] = f"price, see {TOTAL}"
            row["said"] = row.get("said") or moved.get((service, episode.start))
            yield row, _parts(table, service, rows, episode), _band(table, rows, days.judged, episode)
        for follows in followed[service]:
            yield _cost_row(table, service, follows, least, settle_days) | {"said": "follows load"}, [], None
    for keys, cells, change in priced:
        yield *_price_rows(table, keys, cells, change, minimum, settle_days), _price_band(table, keys, cells, change)


def _days_of(table: CostTable, rows: NDArray[np.intp], judged: JudgedCost) -> CostDays:
    parts = table.price_part[rows], table.discount_part[rows]
    return CostDays(table.cost[rows], *parts, judged.of(rows), table.usual[rows[-1]])


def _moved(
    table: CostTable,
    by_service: list[tuple[str, NDArray[np.intp], CostDays]],
    found: dict[str, list[CostEpisode]],
    followed: dict[str, list[CostEpisode]],
) -> dict[tuple[str, int], str]:
    """Return what to say of episodes, by service and first day, whose use only changed its place or its owner.

    Where the load went with it, the fall of one service was `followed`, and is the other side of the rise all the same.
    """
    said: dict[tuple[str, int], str] = {}
    owned: list[Found] = []
    for service, rows, days in by_service:
        for episode in found[service] + followed[service]:
            if episode in found[service] and is_within(days, episode):
                said[service, episode.start] = WITHIN
            elif episode.cells and service != UNALLOCATED:  # who has lost its owner is to be looked at
                keys = table.keys(rows[episode.cells[0][0]])
                use = tuple(keys[name] for name in GROUP)
                owned.append(Found(service, use, episode, a_day(days.cost[-1], episode)))
    return said | {(owned[place].service, owned[place].episode.start): words for place, words in between(owned).items()}


def _cost_row(
    table: CostTable, service: str, episode: CostEpisode, least: float, settle_days: int
) -> dict[str, object]:
    return {
        "service": service,
        "metric": f"cost_{table.currency.lower()}",
        "from_utc": pd.Timestamp(table.days[episode.start]),
        "to_utc": None if episode.is_open else pd.Timestamp(table.days[episode.end]) + pd.Timedelta(days=1),
        "kind": episode.kind,
        "direction": "up" if episode.impact >= 0 else "down",
        "expected": episode.expected,
        "actual": episode.actual,
        "impact": episode.impact,
        "unit": table.currency,
        "score": episode.score,
        "cause": episode.cause,
        "first_seen": (table.days[episode.seen] + np.timedelta64(settle_days, "D")).astype(object),
        "is_small": abs(episode.impact) < least,
        "last_day": table.days[episode.end].astype(object),
    }


def _band(table: CostTable, rows: NDArray[np.intp], judged: JudgedCost, episode: CostEpisode) -> Band:
    """Return the days around an episode: of the whole service where that alerted, else of the cell that did most."""
    score = np.abs(judged.score[:, episode.start : episode.end + 1]).max(axis=1)
    row = len(rows) - 1 if score[-1] > 1 else int(score.argmax())
    shown, start = _around(table, episode.start, episode.end)
    return Band(
        start,
        pd.Timedelta(days=1),
        table.cost[rows[row], shown],
        judged.expected[row, shown],
        judged.edge[row, shown],
        _part_name(table.keys(rows[row])),
    )


def _part_name(keys: dict[str, object]) -> str | None:
    """Return what a cell is called beside a chart of it; nothing where it is the whole."""
    return " · ".join(str(word) for name in ("product", "region") if (word := keys.get(name))) or None


def _price_band(table: CostTable, keys: dict[str, object], cells: NDArray[np.intp], change: PriceChange) -> Band:
    """Return the days around a changed price at list price, of what it is paid for: as they were, and as before it."""
    shown, start = _around(table, change.start, change.end)
    actual = table.list_cost[cells].sum(axis=0)
    expected = actual.copy()
    expected[change.start : change.end + 1] -= change.by_day
    edge = np.full(shown.stop - shown.start, np.nan)
    return Band(start, pd.Timedelta(days=1), actual[shown], expected[shown], edge, _part_name(keys))


def _around(table: CostTable, first: int, last: int) -> tuple[slice, pd.Timestamp]:
    before, after = AROUND_DAYS
    shown = slice(max(first - before, 0), min(last + 1 + after, len(table.days)))
    return shown, pd.Timestamp(table.days[shown.start])


def _parts(table: CostTable, service: str, rows: NDArray[np.intp], episode: CostEpisode) -> list[dict[str, object]]:
    start, metric = pd.Timestamp(table.days[episode.start]), f"cost_{table.currency.lower()}"
    return [
        {"service": service, "metric": metric, "from_utc": start, "place": place, "owner": service, "impact": impact}
        | table.keys(rows[cell])
        for place, (cell, impact) in enumerate(episode.cells, 1)
    ]


def _followed(
    table: CostTable, rows: NDArray[np.intp], episodes: list[CostEpisode], loads: list[LoadFinding], least: float
) -> Iterator[CostEpisode]:
    """Yield the days on which the cost of a service moved because its requests (`loads`) did: said, and muted."""
    row = rows[-1]
    taken = np.zeros(len(table.days), dtype=bool)
    for episode in episodes:
        taken[episode.start : episode.end + 1] = True
    for load in loads:
        first = int((np.datetime64(load.start, "D") - table.days[0]).astype(int))
        last = int((np.datetime64(load.end - pd.Timedelta(hours=1), "D") - table.days[0]).astype(int))
        start, end = max(first, 7), min(last, len(table.days) - 1)
        if start > end or taken[start : end + 1].any():
            continue
        weeks = [table.cost[row, start - 7 * back : end + 1 - 7 * back] for back in (1, 2, 3, 4) if start >= 7 * back]
        expected = float(np.median([week.sum() for week in weeks if len(week) == end + 1 - start]))
        actual = float(table.cost[row, start : end + 1].sum())
        impact = actual - expected
        if abs(impact) < least or impact * load.impact <= 0:
            continue
        is_open = end == len(table.days) - 1
        kind = load.kind if load.kind != "plateau" else "step"
        share = abs(impact) / max(expected, 1e-9)
        taken[start : end + 1] = True
        most = [(_moved_most(table.cost[rows[:-1]], start, end, impact), impact)]
        yield CostEpisode(start, end, start, is_open, kind, "follows load", expected, actual, impact, share, most)


def _moved_most(cost: NDArray[np.float64], start: int, end: int, impact: float) -> int:
    """Return the cell (cell, day) that went most the way of the whole against the week before."""
    change = cost[:, start : end + 1].mean(axis=1) - cost[:, start - 7 : start].mean(axis=1)
    return int((change * np.sign(impact)).argmax())


def _price_rows(  # noqa: PLR0913, PLR0917 - what changed where, and since when it can be seen
    table: CostTable,
    keys: dict[str, object],
    cells: NDArray[np.intp],
    change: PriceChange,
    least: float,
    settle_days: int,
) -> tuple[dict[str, object], list[dict[str, object]]]:
    impact = float(change.impact.sum())
    actual = float(table.list_cost[cells, change.start : change.end + 1].sum())
    is_open = change.end == len(table.days) - 1
    whole = CostEpisode(
        change.start, change.end, change.start, is_open, "step", "price", actual - impact, actual, impact,
        abs(change.ratio) * 100, [],
    )  # fmt: skip
    row = _cost_row(table, TOTAL, whole, least, settle_days)
    named = {"account": None} | keys
    part = {name: row[name] for name in ("service", "metric", "from_utc", "impact")}
    return row, [part | {"place": 1, "owner": TOTAL} | named]
