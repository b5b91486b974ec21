"""Cells of cost as arrays over days: what each service paid for each product in each region."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.decisions.anomalies.cost_episode import KEYS, price_parts
from forecasting.nanstats import low_median

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

USUAL_DAYS = 28
GROUP = ["provider", "product", "region", "usage_type"]


@dataclass(frozen=True)
class CostTable:
    """One currency. Rows are cells, service by service, and after the cells of each service a row of the whole."""

    currency: str
    days: NDArray[np.datetime64]
    ids: pd.DataFrame  # service, provider, account, product, region, usage_type; the whole has none but the service
    is_whole: NDArray[np.bool_]
    cost: Floats  # (row, day)
    list_cost: Floats
    quantity: Floats
    load: Floats  # requests of the service; NaN where not measured whole
    usual: Floats  # what the service cost a day in the weeks before

    def services(self) -> Iterator[tuple[str, Rows]]:
        """Yield each service with its rows, the whole last."""
        ends = np.flatnonzero(self.is_whole)
        start = 0
        for end in ends:
            yield str(self.ids["service"].iloc[int(end)]), np.arange(start, end + 1)
            start = int(end) + 1

    def keys(self, row: np.intp) -> dict[str, object]:
        """Return what names a cell."""
        named = zip(KEYS, self._names[int(row)], strict=True)
        return {key: name if isinstance(name, str) else None for key, name in named}

    @cached_property
    def _names(self) -> NDArray[np.object_]:
        return self.ids[list(KEYS)].to_numpy(dtype=object)

    def price_groups(self) -> Iterator[tuple[dict[str, object], Rows]]:
        """Yield the cells of each product in a region, whoever pays."""
        cells = self.ids[~self.is_whole]
        for _, part in cells.groupby(GROUP, dropna=False, sort=True):
            rows = part.index.to_numpy(dtype=np.intp)
            yield {key: value for key, value in self.keys(rows[0]).items() if key in GROUP}, rows

    @cached_property
    def price_part(self) -> Floats:
        """What of each day's list cost comes of a changed price."""
        return price_parts(self.list_cost, self.quantity)

    @cached_property
    def discount_part(self) -> Floats:
        """What of each day's cost comes of a discount or a commitment that changed: cost is list cost at its price."""
        return price_parts(self.cost, self.list_cost)


def cost_tables(cells: pd.DataFrame, requests: pd.DataFrame) -> Iterator[CostTable]:
    """Yield a table a currency from rows with lists of days; a day without a row cost nothing."""
    for currency, part in cells.groupby("currency", sort=True):
        yield _table(str(currency), part.reset_index(drop=True), requests)


def _table(currency: str, part: pd.DataFrame, requests: pd.DataFrame) -> CostTable:
    first = pd.Timestamp(part["first_day"].iloc[0]).to_datetime64().astype("datetime64[D]")
    count = (
        int((pd.Timestamp(part["last_day"].iloc[0]).to_datetime64().astype("datetime64[D]") - first).astype(int)) + 1
    )
    days = first + np.arange(count)
    services, owner = np.unique(part["service"].to_numpy(dtype=str), return_inverse=True)
    dense = {name: _dense(part, name, count) for name in ("cost", "list_cost", "quantity")}
    place = np.arange(len(part)) + owner  # one row more for each service before
    whole = np.searchsorted(owner, np.arange(len(services)), side="right") + np.arange(len(services))
    rows = len(part) + len(services)
    arrays = {}
    for name, values in dense.items():
        arrays[name] = np.zeros((rows, count))
        arrays[name][place] = values
        np.add.at(arrays[name], whole[owner], values)
    arrays["quantity"][whole] = 0.0  # units differ
    ids = pd.DataFrame(index=np.arange(rows), columns=["service", *KEYS], dtype=object)
    ids.loc[place, :] = part[["service", *KEYS]].to_numpy(dtype=object)
    ids.loc[whole, "service"] = services
    is_whole = np.zeros(rows, dtype=bool)
    is_whole[whole] = True
    by_row = np.empty(rows, dtype=np.intp)
    by_row[place], by_row[whole] = owner, np.arange(len(services))
    load = _requests(requests, services, days)[by_row]
    usual = _usual(arrays["cost"][whole])[by_row]
    return CostTable(currency, days, ids, is_whole, **arrays, load=load, usual=usual)


def _dense(part: pd.DataFrame, name: str, count: int) -> Floats:
    lengths = part["day"].map(len).to_numpy()
    rows = np.repeat(np.arange(len(part)), lengths)
    dense = np.zeros((len(part), count))
    values = np.concatenate([np.asarray(cell, dtype=float) for cell in part[name]])
    dense[rows, np.concatenate(part["day"].to_numpy()).astype(np.intp)] = np.nan_to_num(values)
    return dense


def _requests(requests: pd.DataFrame, services: NDArray[np.str_], days: NDArray[np.datetime64]) -> Floats:
    dense = np.full((len(services), len(days)), np.nan)
    places = {service: row for row, service in enumerate(services)}
    for row in requests.itertuples():
        at = (np.asarray(row.date, dtype="datetime64[D]") - days[0]).astype(int)
        inside = (at >= 0) & (at < len(days))
        if row.service in places:
            dense[places[row.service], at[inside]] = np.asarray(row.requests, dtype=float)[inside]
    return dense


def _usual(whole: Floats) -> Floats:
    """Median of the USUAL_DAYS before each day; of the first days, of what there is."""
    padded = np.pad(whole, ((0, 0), (USUAL_DAYS, 0)), constant_values=np.nan)[:, :-1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, USUAL_DAYS, axis=1)
    middle = low_median(windows, axis=2)
    return np.where(np.isnan(middle), whole[:, :1], middle)
