"""The catalog of services: what `services.toml` may say, and the tables it becomes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from data.errors import ConfigError
from data.toml_errors import explain, read_toml
from data.warehouse import load_sql, replace_window, run, transaction

UNALLOCATED = "(unallocated)"


class CapacityChange(BaseModel):
    """A limit that is known to change: what it is from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    limit: Annotated[float, Field(gt=0)]
    units: Annotated[float, Field(gt=0)] | None = None
    unit_cost_usd_month: Annotated[Decimal, Field(ge=0)] | None = None


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("not a time zone; want a name such as Europe/Berlin") from error
    return name


class Capacity(BaseModel):
    """What a service can carry of one metric."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[float, Field(gt=0)]
    units: Annotated[float, Field(gt=0)] | None = None  # instances, shards, licences that together carry the limit
    lead_time_days: Annotated[int, Field(ge=0)] = 14
    unit_cost_usd_month: Annotated[Decimal, Field(ge=0)] | None = None
    change: tuple[CapacityChange, ...] = ()

    def on(self, day: date) -> CapacityChange:
        """Return what holds on a day: the newest change by then, else what was said first."""
        first = CapacityChange(
            valid_from=date.min, limit=self.limit, units=self.units, unit_cost_usd_month=self.unit_cost_usd_month
        )
        return max((one for one in (first, *self.change) if one.valid_from <= day), key=lambda one: one.valid_from)


Sharing = Literal["proportional", "requests", "even", "fixed"]
Component = Literal["direct", "support", "commitment_unused", "split_unused", "tax", "credit"]


class Service(BaseModel):
    """One table of `services.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tier: Literal[0, 1, 2]
    team: str | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    timezone: Annotated[str, AfterValidator(_check_zone)] | None = None
    request_metric: str | None = None
    minimum_requests_day: Annotated[float, Field(ge=0)] = 1
    accounts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    shared: Sharing | None = None
    shares: Mapping[str, Annotated[Decimal, Field(gt=0, le=1)]] = {}  # of a shared service whose rule is fixed
    shared_components: Mapping[Component, Sharing | Literal["none"]] = {}  # where one is shared unlike the others
    telemetry: bool = False
    target_cost_per_million: Annotated[float, Field(gt=0)] | None = None
    budget_usd_month: Decimal | None = None
    capacity: Mapping[str, Capacity] = {}


Catalog = Mapping[str, Service]


def read_catalog(file: Path) -> Catalog:
    """Return the services of a catalog by name; raises ConfigError, one line that names the key."""
    try:
        catalog = TypeAdapter(Catalog).validate_python(read_toml(file, "check [catalog] file"))
    except ValidationError as error:
        raise ConfigError(f"{file}: {explain(error, Service)}") from error
    _names_are_unambiguous(file, catalog)
    return catalog


def _names_are_unambiguous(file: Path, catalog: Catalog) -> None:
    """Two services that claim one spelling or one account would each count the same cost."""
    spellings = Counter(
        spelling
        for name, service in catalog.items()
        for spelling in {name.lower(), *(alias.lower() for alias in service.aliases)}
    )
    accounts = Counter(
        account for service in catalog.values() for account in {account.lower() for account in service.accounts}
    )
    for what, claims in (("name or alias", spellings), ("account", accounts)):
        twice = sorted(claim for claim, count in claims.items() if count > 1)
        if twice:
            raise ConfigError(f"{file}: {what} {twice[0]!r} belongs to more than one service; keep it with one of them")
    for name, service in catalog.items():
        if (service.shared == "fixed") != bool(service.shares) or (
            service.shares and sum(service.shares.values()) != 1
        ):
            raise ConfigError(
                f"{file}: {name}.shares: want shares that add up to 1 where, and only where, shared is fixed"
            )
        if service.shared_components and service.shared is None:
            raise ConfigError(f"{file}: {name}.shared_components: want `shared` too, the rule of all other components")
        unknown = sorted(set(service.shares) - set(catalog) | set(service.shares) & {name})
        if unknown:
            raise ConfigError(f"{file}: {name}.shares: {unknown[0]!r} is not another service of the catalog")
    if UNALLOCATED in catalog:
        raise ConfigError(f"{file}: {UNALLOCATED!r} is the name of cost without an owner; choose another")


def store_catalog(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, metric_kinds: Mapping[str, str], as_of: date
) -> None:
    """Replace `service` and `metric`; add the limits that `capacity_limit` does not know yet, valid from `as_of`.

    Services that only a bill or a metric names are in `service` too, with is_catalogued false.
    """
    rows = [_row(name, service) for name, service in catalog.items()]
    services = pd.DataFrame(rows, columns=list(_row("", Service(tier=0))))
    limits = _limits(catalog, as_of)
    shares = pd.DataFrame(
        [(name, payer, share) for name, service in catalog.items() for payer, share in service.shares.items()],
        columns=["service", "recipient", "share"],
    )
    components = pd.DataFrame(
        [(name, part, rule) for name, service in catalog.items() for part, rule in service.shared_components.items()],
        columns=["service", "component", "rule"],
    ).astype("string")
    counted = {service.request_metric: "count" for service in catalog.values() if service.request_metric}
    metrics = pd.DataFrame(sorted((counted | dict(metric_kinds)).items()), columns=["metric", "kind"])
    for view, frame in (
        ("catalogued", services),
        ("wanted_limit", limits),
        ("wanted_metric", metrics),
        ("wanted_share", shares),
        ("wanted_component", components),
    ):
        con.register(view, frame)
    replace_window(con, "service", load_sql("catalog/service"))
    replace_window(con, "metric", "select * from wanted_metric")
    replace_window(con, "shared_share", "select * from wanted_share")
    replace_window(con, "shared_component", "select * from wanted_component")
    with transaction(con):
        run(con, load_sql("catalog/delete_limit"), {"as_of": as_of})
        run(con, f"insert into capacity_limit by name {load_sql('catalog/capacity_limit')}", {"as_of": as_of})
    for view in ("catalogued", "wanted_limit", "wanted_metric", "wanted_share", "wanted_component"):
        con.unregister(view)


def add_uncatalogued(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `service` the names that only bills and metrics know; run after they are stored."""
    run(con, load_sql("catalog/uncatalogued"))


def _limits(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Return the limit of each series that holds on the night, and those that are to come."""
    rows = [
        (
            name,
            metric,
            max(one.valid_from, as_of),
            one.limit,
            capacity.lead_time_days,
            one.units,
            one.unit_cost_usd_month,
        )
        for name, service in catalog.items()
        for metric, capacity in service.capacity.items()
        for one in (capacity.on(as_of), *(change for change in capacity.change if change.valid_from > as_of))
    ]
    names = ["service", "metric", "valid_from", "limit_value", "lead_time_days", "units", "unit_cost_usd_month"]
    return pd.DataFrame(rows, columns=names)


def _row(name: str, service: Service) -> dict[str, object]:
    return {
        "service": name,
        "is_catalogued": True,
        "tier": service.tier,
        "team": service.team,
        "country": service.country,
        "request_metric": service.request_metric,
        "minimum_requests_day": service.minimum_requests_day,
        "accounts": list(service.accounts),
        "aliases": list(service.aliases),
        "shared_rule": service.shared,
        "is_telemetry": service.telemetry,
        "target_cost_per_million_usd": service.target_cost_per_million,
        "budget_usd_month": service.budget_usd_month,
        "timezone": service.timezone,
    }
