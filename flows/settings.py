"""What `plimsoll.toml` may say. Paths in it are relative to the file; secrets are names of environment variables."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from data.billing import Source as BillingSource
from data.billing.allocation import Allocation, Currency, Invoice, rates_below
from data.budgets import Budget
from data.errors import ConfigError
from data.lineage import Lineages
from data.scenarios import Scenario
from data.secret import remember_secrets
from data.storage.aws import AwsAccess
from data.toml_errors import EnvName, explain, read_toml, secret_place
from data.utilization import Source as UtilizationSource
from forecasting.options import Event, ForecastOptions
from forecasting.panel.breaks.declared import DeclaredBreak

ADVICE = (
    "holds a secret, and addresses are shown; take it out, and name its environment variable instead: user_env, "
    "password_env, token_env or query_env below access (aws finds credentials itself; notices have urls_env)"
)
Days = Annotated[int, Field(ge=1, le=3660)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Warehouse(_Table):
    """The DuckDB file that the night writes."""

    path: Path = Path(".run/plimsoll.duckdb")


class Publish(_Table):
    """The folder that everybody reads: `snapshot.duckdb`, `parquet/`, `site/`."""

    dir: Path = Path(".run/published")
    teams: bool = False  # also `teams/<team>/`: a site of each team that it may be given alone
    lake: bool = False  # also `lake/`: a folder a table, cut by month, for engines that read folders
    s3: Annotated[str, Field(pattern=r"^s3://[^/]+")] | None = None  # s3://bucket/prefix that each release is copied to
    aws: AwsAccess = AwsAccess()


class CatalogFile(_Table):
    """The catalog of services."""

    file: Path


class Metric(_Table):
    """How a metric adds up; request metrics of the catalog are counts, others gauges where nothing is said."""

    kind: Literal["count", "gauge"]


class Forecast(_Table):
    """How far the night looks, on how much history, and for how long it keeps each forecast."""

    hourly_days: Days = 14
    daily_days: Days = 90
    hourly_history_days: Days = 182
    daily_history_days: Days = 1830
    fiscal_year_starts: Annotated[int, Field(ge=1, le=12)] = 1  # month; cost is forecast to its end at least
    keep_days: Days = 120  # scores are kept for ever
    paths: Annotated[int, Field(ge=100, le=100_000)] = 1000  # simulated futures for dates and monthly sums
    engine: ForecastOptions = ForecastOptions()


class Retention(_Table):
    """What is kept of nights that are over: all of the last ones, then one a week, one a month (data/retention.py).

    How wide the next forecasts are to be is learnt from every one of the last 28 nights.
    """

    nightly_days: Annotated[int, Field(ge=28, le=3660)] = 35
    weekly_days: Days = 400


class Compute(_Table):
    """Where the fits run. `address` is of a Dask scheduler or a Ray cluster that is already there."""

    runner: Literal["threads", "processes", "dask", "ray"] = "threads"
    workers: Annotated[int, Field(ge=1)] | None = None
    address: str | None = None
    chunk_series: Annotated[int, Field(ge=1)] = 500


class Anomalies(_Table):
    """What does not count as an anomaly of cost: what somebody has seen, and what is small."""

    acknowledged: Path | None = None  # a TOML file, see data/acknowledged.py
    minimum_impact: Annotated[float, Field(ge=0)] = 10  # of an episode, in the currency of the bill
    minimum_impact_of: dict[str, Annotated[float, Field(ge=0)]] = {}  # by service


NOT_PRODUCTION = (  # what environments are called that serve no customer
    *("dev", "development", "sandbox", "playground", "lab", "test", "testing", "tst", "qa", "uat", "e2e", "ci", "perf"),
    *("load", "staging", "stage", "stg", "preprod", "preproduction", "nonprod", "nonproduction", "demo"),
)


class UnitCost(_Table):
    """What observing a service may cost, and which accounts and environments serve no customer."""

    telemetry_ratio: Annotated[float, Field(gt=0, le=1)] = 0.10  # of the service's whole cost
    telemetry_ratio_of: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}  # by service
    non_production_accounts: tuple[str, ...] = ()
    non_production_environments: tuple[str, ...] = NOT_PRODUCTION  # by letters and digits: Non-Prod is nonprod


class CommitmentOffer(_Table):
    """What a vendor takes off for committing; without a provider it holds for every one that is not named."""

    provider: str | None = None
    term_years: Annotated[int, Field(ge=1, le=5)]
    discount: Annotated[float, Field(gt=0, lt=1)]


TYPICAL_OFFERS = (CommitmentOffer(term_years=1, discount=0.28), CommitmentOffer(term_years=3, discount=0.50))


class Schedule(_Table):
    """When the night is due, and how late it may be."""

    cron: str = "0 2 * * *"
    timezone: str = "UTC"
    catch_up_days: Annotated[int, Field(ge=0, le=366)] = 14  # nights that were missed run first, so far back
    late_after_hours: Annotated[float, Field(gt=0)] = 3  # `plimsoll watch` tells a night that is not published by then

    @field_validator("cron")
    @classmethod
    def _is_due_some_day(cls, cron: str) -> str:
        try:
            next(CronSim(cron, datetime(2026, 1, 1)))
        except (CronSimError, StopIteration) as error:
            raise ValueError("never due; want five fields: minute, hour, day, month, weekday") from error
        return cron

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as error:
            raise ValueError("not a time zone; want a name such as Europe/Berlin") from error
        return name


class Notify(_Table):
    """Who hears of nights: `urls_env` names the variable that holds Apprise addresses, `heartbeat_env` an address.

    The heartbeat is called after every night that is done: what waits for it tells a night that never began.
    """

    urls_env: EnvName | None = None
    team_urls_env: dict[str, EnvName] = {}  # by team: who gets its part of the digest
    digest: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "never"] = "mon"
    heartbeat_env: EnvName | None = None


class Settings(_Table):
    """The whole file."""

    as_of: date | None = None
    warehouse: Warehouse = Warehouse()
    publish: Publish = Publish()
    catalog: CatalogFile | None = None
    metrics: dict[str, Metric] = {}
    utilization: tuple[UtilizationSource, ...] = ()
    billing: tuple[BillingSource, ...] = ()
    allocation: Allocation = Allocation()
    invoice: tuple[Invoice, ...] = ()
    currency: Currency | None = None
    event: tuple[Event, ...] = ()
    breaks: tuple[DeclaredBreak, ...] = Field((), alias="break")
    lineage: Lineages = ()
    budget: tuple[Budget, ...] = ()
    scenario: tuple[Scenario, ...] = ()
    forecast: Forecast = Forecast()
    retention: Retention = Retention()
    anomaly: Anomalies = Anomalies()
    unit_cost: UnitCost = UnitCost()
    commitment_offer: tuple[CommitmentOffer, ...] = TYPICAL_OFFERS
    compute: Compute = Compute()
    schedule: Schedule = Schedule()
    notify: Notify = Notify()

    @property
    def sources(self) -> tuple[UtilizationSource | BillingSource, ...]:
        """Return every source, of load and of bills."""
        return self.utilization + self.billing

    @property
    def cache(self) -> Path:
        """Return the folder of local copies of what sources keep elsewhere; it may be removed at any time."""
        return self.warehouse.path.parent / "cache"

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return the kinds by metric: those that sources know, and over them those that are declared."""
        known = {name: kind for source in self.utilization for name, kind in source.metric_kinds.items()}
        return known | {name: metric.kind for name, metric in self.metrics.items()}


def read_settings(file: Path) -> Settings:
    """Return the settings with every path made absolute; raises ConfigError, one line that names the key."""
    try:
        document = read_toml(file, "give --config the path of a TOML file")
        remember_secrets(document)
        if place := secret_place(document):
            raise ConfigError(f"{file}: {place}: {ADVICE}")
        settings = Settings.model_validate(document)
    except ValidationError as error:
        raise ConfigError(f"{file}: {explain(error, Settings)}") from error
    names = [source.name for source in settings.sources]
    if not names:
        raise ConfigError(f"{file}: names no source; add [[utilization]] or [[billing]]")
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{file}: two sources are called {name!r}; give each its own name")
    settings = _below(settings, file.resolve().parent)
    for key, path in (("warehouse.path", settings.warehouse.path), ("publish.dir", settings.publish.dir)):
        if "?" in str(path):
            raise ConfigError(f"{file}: {key}: {path}: DuckDB takes a ? for the end of a file's name; name it without")
    return settings


def _below(settings: Settings, root: Path) -> Settings:
    """Make every path absolute, below the folder of the file."""
    catalog = settings.catalog and CatalogFile(file=root / settings.catalog.file)
    if catalog and not catalog.file.is_file():
        raise ConfigError(f"{catalog.file}: no such file; [catalog] file is relative to {root}")
    return settings.model_copy(
        update={
            "warehouse": Warehouse(path=root / settings.warehouse.path),
            "publish": settings.publish.model_copy(update={"dir": root / settings.publish.dir}),
            "catalog": catalog,
            "anomaly": _anomalies_below(settings.anomaly, root),
            "utilization": tuple(source.located(root) for source in settings.utilization),
            "billing": tuple(source.located(root) for source in settings.billing),
            "currency": rates_below(root, settings.currency),
            "allocation": settings.allocation.located(root),
        }
    )


def _anomalies_below(anomaly: Anomalies, root: Path) -> Anomalies:
    acknowledged = anomaly.acknowledged and root / anomaly.acknowledged
    return anomaly.model_copy(update={"acknowledged": acknowledged})
