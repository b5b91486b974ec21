"""Why a month cost more or less than the one before: by service, team and in all, to the last digit, and in words."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.decisions.unit_costs.split import split_change
from forecasting.decisions.unit_costs.words import Told, in_words

AMOUNTS = ("list_before", "list_after", "corrected_before", "corrected_after", "cost_before", "cost_after")
PARTS = ("price", "efficiency", "mix", "volume", "restatement", "discount")
SPLIT = ("price", "efficiency", "mix")
CELL = ["product", "region", "usage_unit"]
TOTAL = "(total)"
PLACES = 6  # decimals of what is split by floating point: what it cannot say, volume takes
MEASURED = 0.8  # of the days at least: the mean of others stands in for the rest
Key = tuple[str, str]  # scope, name


@dataclass
class _Sum:
    """Exact amounts of some cells, in the currency, and their use."""

    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    quantity: list[float] = field(default_factory=lambda: [0.0, 0.0])
    cells: int = 0

    def add(self, other: "_Sum") -> None:
        """Add the amounts of other cells."""
        for name, value in other.amounts.items():
            self.amounts[name] += value
        self.quantity = [one + more for one, more in zip(self.quantity, other.quantity, strict=True)]
        self.cells += other.cells

    @property
    def moved(self) -> Decimal:
        """Return by how much cost changed."""
        return self.amounts["cost_after"] - self.amounts["cost_before"]


class UnitCostChange(BaseModel):
    """Bennet's split over cells of product, region and unit of use; teams and the total are sums of services."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["unit_cost_change"] = "unit_cost_change"
    named_cells: int = 6

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`cell`, `request`, `price`, `team`: see data/sql/decide/unit_cost_change."""
        del night
        teams = dict(zip(inputs["team"]["service"], inputs["team"]["team"], strict=True))
        rows: list[Rows] = []
        for (month, currency), cells in inputs["cell"].groupby(["month", "currency"], sort=True):
            changes, parts = self._month(cells.reset_index(drop=True), inputs, teams)
            keys = {"month": pd.Timestamp(str(month)).date().isoformat(), "currency": str(currency)}
            rows += [Rows("unit_cost_change", changes, keys), Rows("unit_cost_change_part", parts, keys)]
        return rows

    def _month(self, cells: pd.DataFrame, inputs: Frames, teams: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        first = cells.iloc[0]
        days = int(first["days_before"]), int(first["days_after"])
        requests = _requests(inputs["request"], pd.Timestamp(first["month"]), days)
        sums: dict[Key, dict[tuple[object, ...], _Sum]] = defaultdict(lambda: defaultdict(_Sum))
        for service, cell, amounts in _cells(cells, requests):
            for key in _scopes(service, teams.get(service)):
                sums[key][cell].add(amounts)
        since = _since(inputs["price"], first)
        driven = _of_scopes(requests[requests.index.isin(cells["service"])], teams)  # of what is billed in the currency
        weekend_days = _weekend_days(pd.Timestamp(first["month"]), days) if first["is_running"] else None
        changes: list[dict[str, object]] = []
        parts: list[dict[str, object]] = []
        for key, by_cell in sums.items():
            whole = _Sum()
            for one in by_cell.values():
                whole.add(one)
            named = self._named(by_cell)
            told = Told(key, str(first["currency"]), whole.amounts, driven.get(key), days, weekend_days)
            sentence = in_words(told, [(cell, one.amounts, _ratio(one)) for cell, one in named], since)
            changes.append(_change_row(key, whole, driven.get(key), first, sentence))
            parts += _part_rows(key, by_cell, named)
        return pd.DataFrame(changes), pd.DataFrame(parts)

    def _named(self, by_cell: dict[tuple[object, ...], _Sum]) -> list[tuple[tuple[object, ...], _Sum]]:
        order = sorted(by_cell.items(), key=lambda item: (-_size(item[1]), str(item[0])))
        return order[: self.named_cells]


def _cells(cells: pd.DataFrame, requests: pd.DataFrame) -> Iterator[tuple[str, tuple[object, ...], _Sum]]:
    """Yield every cell of every service with its exact amounts."""
    services = cells["service"].to_numpy()
    driver = requests.reindex(services)
    group = (
        cells.groupby(["service", "product", "usage_unit"], dropna=False, sort=False)
        .ngroup()
        .to_numpy()
        .astype(np.intp)
    )
    floats = {name: np.asarray(cells[name].astype(float), dtype=np.float64) for name in ("list_before", "list_after")}
    quantity = [cells[name].to_numpy(dtype=np.float64) for name in ("quantity_before", "quantity_after")]
    parts = split_change(
        floats["list_before"], floats["list_after"], quantity[0], quantity[1], group,
        (driver["before"].to_numpy(dtype=float), driver["after"].to_numpy(dtype=float)),
    )  # fmt: skip
    split = [getattr(parts, name) for name in SPLIT]
    used = [np.nan_to_num(side) for side in quantity]
    keys = [tuple(value if isinstance(value, str) else None for value in row) for row in cells[CELL].to_numpy()]
    texts = cells[list(AMOUNTS)].to_numpy()
    for place, service in enumerate(services):
        sums = _Sum(cells=1, quantity=[float(side[place]) for side in used])
        amounts = sums.amounts
        for name, text in zip(AMOUNTS, texts[place], strict=True):
            amounts[name] = Decimal(text)
        for name, values in zip(SPLIT, split, strict=True):
            amounts[name] = Decimal(f"{values[place]:.{PLACES}f}")
        use = amounts["list_after"] - amounts["list_before"]
        amounts["volume"] = use - sum((amounts[name] for name in SPLIT), Decimal(0))
        amounts["restatement"] = amounts["corrected_after"] - amounts["corrected_before"]
        amounts["discount"] = sums.moved - use - amounts["restatement"]
        yield str(service), keys[place], sums


def _scopes(service: str, team: object) -> list[Key]:
    keys: list[Key] = [("service", service), ("total", TOTAL)]
    return [*keys, ("team", team)] if isinstance(team, str) else keys


def _requests(requests: pd.DataFrame, month: pd.Timestamp, days: tuple[int, int]) -> pd.DataFrame:
    """Return requests before and after by service, with its team and metric; NaN where too few days were measured."""
    sides = {}
    for side, start, count in (("before", month - pd.DateOffset(months=1), days[0]), ("after", month, days[1])):
        part = requests[(requests["month"] == start) & (requests["day"] <= count)]
        by_service = part.groupby("service")["requests"]
        seen = by_service.count()
        sides[side] = (by_service.mean() * count).where(seen >= MEASURED * count)
    means = pd.DataFrame(sides)
    metric = requests.drop_duplicates("service").set_index("service")["request_metric"]
    return means.assign(metric=metric.reindex(means.index))


def _of_scopes(requests: pd.DataFrame, teams: dict[str, str]) -> dict[Key, tuple[float, float]]:
    """Return requests before and after by scope; a team or total has them where all its services count the same."""
    by_scope: dict[Key, tuple[float, float]] = {}
    units: dict[Key, set[str]] = defaultdict(set)
    counts = requests[["before", "after"]].to_numpy(dtype=float)
    for service, metric, (before, after) in zip(requests.index, requests["metric"], counts, strict=True):
        for key in _scopes(str(service), teams.get(str(service))):
            sums = by_scope.get(key, (0.0, 0.0))
            by_scope[key] = (sums[0] + float(before), sums[1] + float(after))
            units[key].add(str(metric))
    return {key: sums for key, sums in by_scope.items() if len(units[key]) == 1 and np.isfinite(sums).all()}


def _weekend_days(month: pd.Timestamp, days: tuple[int, int]) -> tuple[int, int]:
    """Return how many of the first days of the month before, and of the month, are of a weekend."""
    starts = (month - pd.DateOffset(months=1)).date(), month.date()
    first, second = (
        count - int(np.busday_count(start, start + timedelta(days=count)))
        for start, count in zip(starts, days, strict=True)
    )
    return first, second


def _since(prices: pd.DataFrame, first: pd.Series) -> dict[tuple[object, ...], pd.Timestamp]:
    mine = prices[(prices["currency"] == first["currency"]) & (prices["month"] == first["month"])]
    keys = [tuple(value if isinstance(value, str) else None for value in row) for row in mine[CELL].to_numpy()]
    return dict(zip(keys, mine["since"], strict=True))


def _ratio(sums: _Sum) -> float | None:
    """Return by how much the list price of a unit changed."""
    before, after = sums.quantity
    if not (before > 0 and after > 0 and sums.amounts["list_before"] > 0):
        return None
    return float(sums.amounts["list_after"]) / after / (float(sums.amounts["list_before"]) / before) - 1


def _size(sums: _Sum) -> Decimal:
    return sum((abs(sums.amounts[name]) for name in PARTS), Decimal(0))


def _change_row(
    key: Key, whole: _Sum, requests: tuple[float, float] | None, first: pd.Series, sentence: str
) -> dict[str, object]:
    amounts = whole.amounts
    before = amounts["list_before"] + amounts["corrected_before"]
    after = amounts["list_after"] + amounts["corrected_after"]
    days = int(first["days_before"]), int(first["days_after"])
    a_day = amounts["cost_after"] / days[1] - amounts["cost_before"] / days[0]
    costs = [amounts["cost_before"], amounts["cost_after"]]
    counts = requests or (None, None)
    unit = [float(cost) / count if count else None for cost, count in zip(costs, counts, strict=True)]
    return {
        "scope": key[0],
        "service": key[1],
        "days_before": days[0],
        "days_after": days[1],
        "is_running": bool(first["is_running"]),
        "list_before": before,
        "list_after": after,
        "list_change": after - before,
        **{name: amounts[name] for name in PARTS},
        "cost_before": costs[0],
        "cost_after": costs[1],
        "change_a_day": a_day.quantize(Decimal("1e-12")),
        "requests_before": counts[0],
        "requests_after": counts[1],
        "unit_cost_before": unit[0],
        "unit_cost_after": unit[1],
        "sentence": sentence,
    }


def _part_rows(
    key: Key, by_cell: dict[tuple[object, ...], _Sum], named: list[tuple[tuple[object, ...], _Sum]]
) -> Iterator[dict[str, object]]:
    rest = _Sum()
    names = {cell for cell, _ in named}
    for cell, one in by_cell.items():
        if cell not in names:
            rest.add(one)
    rows = [(place, cell, one) for place, (cell, one) in enumerate(named, 1)]
    if rest.cells:
        rows.append((0, (None, None, None), rest))
    for place, cell, one in rows:
        yield {
            "scope": key[0],
            "service": key[1],
            "place": place,
            **dict(zip(CELL, cell, strict=True)),
            "list_change": sum((one.amounts[name] for name in PARTS[:-1]), Decimal(0)),
            **{name: one.amounts[name] for name in PARTS},
            "price_ratio": _ratio(one) if place else None,
            "cells": one.cells,
        }
