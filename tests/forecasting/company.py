"""A made-up company with planted episodes of cost and load, as the inputs of the anomaly decision; another one a seed.

Costs of a cell are affine in the requests of its service with a little noise of their own; what is planted is told.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

PRODUCTS = ("Virtual Machines", "Databases", "Object Store", "Functions", "Monitoring", "Queues", "Search", "Cache")
REGIONS = ("north-1", "south-2", "west-3")
KINDS = ("step", "spike", "leak", "drop", "new product", "step", "spike", "creep")
LOADS = ("spike", "drop", "step", "plateau", "drop", "spike")
AS_OF = date(2027, 3, 9)
SETTLE_DAYS = 3
DAYS = 200


@dataclass
class Planted:
    service: str
    kind: str
    start: date
    end: date  # the first day after it
    product: str = ""
    region: str = ""
    hour: int = 0
    hours: int = 0


@dataclass
class Company:
    inputs: dict[str, pd.DataFrame]
    costs: list[Planted] = field(default_factory=list)
    loads: list[Planted] = field(default_factory=list)
    changes: list[Planted] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)


def make_company(seed: int, services: int = 16, *, episodes: bool = True) -> Company:
    rng = np.random.default_rng(seed)
    names = [f"s{number:03}" for number in range(services)]
    first = AS_OF - timedelta(days=DAYS)
    company = Company({})
    order = list(rng.permutation(names))
    company.quiet = sorted(order[:6]) if episodes else names
    requests = np.stack([_requests(rng, first) for _ in names])
    if episodes:
        _plant_loads(rng, company, names, order[6:12], requests, first)
    sale = int(rng.integers(DAYS - 60, DAYS - 20)) if episodes else None
    if sale is not None:
        requests[:, sale * 24 : (sale + 2) * 24] *= 1.6
    cells = _cells(rng, names, requests.reshape(services, DAYS, 24).sum(axis=2))
    if episodes:
        _plant_costs(rng, company, cells, order[6:14], first)
        _plant_changes(rng, company, cells, order[12:16], first)
    company.inputs = _inputs(cells, names, requests, first, sale)
    return company


def _requests(rng: np.random.Generator, first: date) -> np.ndarray:
    hours = np.arange(DAYS * 24)
    weekday = (hours // 24 + first.weekday()) % 7
    profile = 1 + rng.uniform(0.2, 0.6) * np.sin(2 * np.pi * (hours % 24 - rng.integers(6, 12)) / 24)
    week = np.where(weekday >= 5, rng.uniform(0.55, 0.95), 1.0)
    growth = (1 + rng.uniform(-0.02, 0.04)) ** (hours / 730)
    level = 10 ** rng.uniform(3, 6)
    noise = np.exp(rng.normal(0, rng.uniform(0.02, 0.05), len(hours)))
    daily = np.repeat(np.exp(rng.normal(0, 0.012, DAYS)), 24)
    return np.round(level * profile * week * growth * noise * daily)


def _plant_loads(rng, company, names, owners, requests, first) -> None:  # noqa: PLR0917
    for service, kind in zip(owners, LOADS, strict=True):
        row, day, hour = names.index(service), int(rng.integers(DAYS - 95, DAYS - 8)), int(rng.integers(9, 18))
        hours = {"spike": 3, "drop": 4, "step": 240, "plateau": 30}[kind]
        if kind == "step":
            day = min(day, DAYS - 20)
        factor = {"spike": 3.5, "drop": 0.2, "step": 1.6, "plateau": 2.0}[kind]
        begin = day * 24 + hour
        requests[row, begin : begin + hours] = np.round(requests[row, begin : begin + hours] * factor)
        start = first + timedelta(days=day)
        end = start + timedelta(days=(hour + hours - 1) // 24 + 1)
        company.loads.append(Planted(service, kind, start, end, hour=hour, hours=hours))


def _cells(rng, names, daily) -> pd.DataFrame:
    prices = {(product, region): rng.uniform(0.02, 0.4) for product in PRODUCTS for region in REGIONS}
    made = []
    for row, service in enumerate(names):
        size, noise = 10 ** rng.uniform(1.7, 3.2), rng.uniform(0.01, 0.03)
        regions = rng.permutation(REGIONS)[:2]
        shares = rng.dirichlet(np.ones(5) * 2)
        for product, share in zip(rng.permutation(PRODUCTS)[:5], shares, strict=True):
            fixed = rng.uniform(0.2, 0.6)
            load = daily[row] / daily[row].mean()
            for region, part in zip(regions, (0.65, 0.35), strict=True):
                use = size * share * part * (fixed + (1 - fixed) * load) * np.exp(rng.normal(0, noise, DAYS))
                price = prices[product, region]
                made.append((service, product, region, use / price, np.full(DAYS, price)))
    return pd.DataFrame(made, columns=["service", "product", "region", "quantity", "price"])


def _plant_costs(rng, company, cells, owners, first) -> None:
    for service, kind in zip(owners, KINDS, strict=True):
        mine = np.flatnonzero(cells["service"] == service)
        whole = sum(cells["quantity"][cell] * cells["price"][cell] for cell in mine).mean()
        day = int(rng.integers(DAYS - 80, DAYS - 25))
        length = {"step": 12, "spike": 1, "leak": 14, "drop": 3, "new product": 10, "creep": 14}[kind]
        cell = int(rng.choice(mine))
        if kind == "drop":
            cell = max(mine, key=lambda one: (cells["quantity"][one] * cells["price"][one]).mean())
        price = cells["price"][cell]
        span = slice(day, day + length)
        extra = {
            "step": np.full(length, 0.35),
            "spike": np.full(length, 1.2),
            "leak": np.linspace(0.06, 0.8, length),
            "creep": np.linspace(0.03, 0.4, length),
            "new product": np.full(length, 0.35),
            "drop": np.zeros(length),
        }[kind] * whole
        if kind == "new product":
            quantity = np.zeros(DAYS)
            quantity[span] = extra / price[span]
            cells.loc[len(cells)] = [service, "Model Training", cells["region"][cell], quantity, price.copy()]
            cell = len(cells) - 1
        elif kind == "drop":
            cells["quantity"][cell][span] *= 0.14
        else:
            cells["quantity"][cell][span] += extra / price[span]
        start = first + timedelta(days=day)
        company.costs.append(
            Planted(service, kind, start, start + timedelta(days=length), cells["product"][cell], cells["region"][cell])
        )


def _plant_changes(rng, company, cells, owners, first) -> None:
    day = DAYS - 36
    start, end = first + timedelta(days=day), AS_OF
    product, region = rng.choice(PRODUCTS), rng.choice(REGIONS)
    for cell in np.flatnonzero((cells["product"] == product) & (cells["region"] == region)):
        cells["price"][cell][day:] *= 1.12
    company.changes.append(Planted("(total)", "price", start, end, product, region))
    for cell in np.flatnonzero(cells["service"] == owners[0]):
        cells["quantity"][cell][day:] *= 0.8
    company.changes.append(Planted(owners[0], "efficiency", start, end))


def _inputs(cells, names, requests, first, sale) -> dict[str, pd.DataFrame]:
    settled = DAYS - SETTLE_DAYS
    rows = []
    for cell in cells.itertuples():
        on = np.flatnonzero(cell.quantity[:settled] > 0)
        cost = (cell.quantity * cell.price)[on]
        rows.append((cell.service, cell.product, cell.region, on, cost, cost, cell.quantity[on]))
    table = pd.DataFrame(rows, columns=["service", "product", "region", "day", "cost", "list_cost", "quantity"])
    table = table.assign(
        currency="USD", provider="cloud", account="1", usage_type="Hrs", first_day=pd.Timestamp(first),
        last_day=pd.Timestamp(first + timedelta(days=settled - 1)),
    ).sort_values(["service", "product", "region"], ignore_index=True)  # fmt: skip
    days = np.datetime64(first) + np.arange(DAYS)
    hour_days = min(DAYS, 162)
    hours = np.arange(hour_days * 24) + (162 - hour_days) * 24
    return {
        "cell": table,
        "request": pd.DataFrame(
            {
                "service": names,
                "date": [days] * len(names),
                "requests": list(requests.reshape(len(names), DAYS, 24).sum(axis=2)),
            }
        ),
        "load": pd.DataFrame(
            {
                "service": names,
                "metric": "requests",
                "kind": "count",
                "hour": [hours] * len(names),
                "value": list(requests[:, -hour_days * 24 :]),
                "peak": None,
            }
        ),
        "muted": pd.DataFrame(
            [(None, None, first + timedelta(days=sale), first + timedelta(days=sale + 1), "event sale", True)]
            if sale is not None
            else [],
            columns=["service", "metric", "first_day", "last_day", "muted_by", "is_event"],
        ),
        "service": pd.DataFrame({"service": names, "request_metric": "requests", "minimum_impact": np.nan}),
    }
