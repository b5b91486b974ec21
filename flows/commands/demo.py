"""A sample estate: made-up services, their load, and their bills as vendors deliver them, with real bills' warnings.

Everything is drawn from a fixed seed, so that the demo and the tests that stand on it are the same everywhere.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

DEMO_AS_OF = date(2026, 11, 20)
SEED = 20261120
LOAD_DAYS = 300
FIRST_MONTH = date(2026, 7, 1)
EXPORT = "exports/focus-daily"
SATURDAY = 5
SILENT = "billing,cpu,2026-11-10T0"  # ten hours that nobody measured
TAGGED_SHARE = 0.9  # real lines lack their tag now and then
NEW_TAG_SHARE = 0.7  # two generations of tag keys


@dataclass(frozen=True)
class Sample:
    """One made-up service: its load and what it pays a day."""

    name: str
    tier: int
    team: str
    requests_hour: float
    growth_year: float  # ratio
    weekend: float  # load of a Saturday against a weekday
    noise: float
    cpu_peak: float  # ratio at the end of the history
    cost_day_usd: float
    days: int = LOAD_DAYS


SAMPLES = (
    Sample("checkout", 0, "payments", 620_000, 0.9, 0.75, 0.04, 0.76, 96.0),
    Sample("search", 0, "discovery", 2_400_000, 0.5, 0.85, 0.03, 0.68, 118.0),
    Sample("catalog", 1, "discovery", 910_000, 0.2, 0.9, 0.05, 0.52, 41.0),
    Sample("identity", 0, "platform", 1_300_000, 0.1, 0.8, 0.03, 0.44, 27.5),
    Sample("media", 1, "content", 3_900_000, 0.3, 1.25, 0.08, 0.57, 143.0),
    Sample("billing", 1, "payments", 38_000, 0.0, 0.35, 0.06, 0.35, 19.0),
    Sample("reports", 2, "finance", 2_100, -0.2, 0.2, 0.3, 0.30, 12.4),
    Sample("assistant", 1, "ml", 84_000, 2.5, 0.9, 0.06, 0.74, 205.0, days=110),
)
PRODUCTS = (
    ("Compute", "Amazon Elastic Compute Cloud", 0.62),
    ("Databases", "Amazon Relational Database Service", 0.38),
)
_CONFIG = """\
# A sample estate. Paths are relative to this file.
as_of = {as_of}

[warehouse]
path = ".run/plimsoll.duckdb"
[publish]
dir = ".run/published"
[catalog]
file = "services.toml"

[[utilization]]
kind = "files"
name = "metrics"
path = "utilization/*"

[[billing]]
kind = "focus"
name = "aws"
uri = "billing/{export}"
[[billing]]
kind = "focus"
name = "oci"
uri = "billing/focus-oci.csv"

[allocation]
tag_keys = ["user:service", "service"]
environment_keys = ["env"]
"""


def make_estate(directory: Path, samples: Sequence[Sample] = SAMPLES) -> Path:
    """Write the estate below `directory` and return the path of its plimsoll.toml."""
    rng = np.random.default_rng(SEED)
    load = pd.concat([_load(sample, rng) for sample in samples], ignore_index=True)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "services.toml").write_text("\n".join(_catalogued(sample) for sample in samples), encoding="utf-8")
    config = directory / "plimsoll.toml"
    config.write_text(_CONFIG.format(as_of=DEMO_AS_OF, export=EXPORT), encoding="utf-8")
    _write_load(load, directory / "utilization")
    for month in _months():
        _write_month(list(_lines(month, samples, rng)), directory / "billing" / EXPORT, month)
    _write_oci(directory / "billing")
    return config


def _load(sample: Sample, rng: np.random.Generator) -> pd.DataFrame:
    """Hourly requests and cpu of one service up to DEMO_AS_OF."""
    hours = pd.date_range(end=pd.Timestamp(DEMO_AS_OF), periods=sample.days * 24 + 1, freq="h")[:-1]
    age_years = np.arange(-len(hours), 0) / 8766
    daily = 1 + 0.45 * np.sin(2 * np.pi * (hours.hour.to_numpy() - 9) / 24)
    weekly = np.where(hours.day_of_week.to_numpy() >= SATURDAY, sample.weekend, 1.0)
    shape = daily * weekly * (1 + sample.growth_year) ** age_years
    requests = np.round(sample.requests_hour * shape * _noise(sample.noise, len(hours), rng))
    cpu = sample.cpu_peak * shape / shape[-168:].max() * _noise(sample.noise / 2, len(hours), rng)
    frames = [
        pd.DataFrame({"service": sample.name, "metric": metric, "timestamp": hours, "value": value})
        for metric, value in (("requests", requests), ("cpu", np.round(cpu, 4)))
    ]
    return pd.concat(frames, ignore_index=True)


def _noise(size: float, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.exp(rng.normal(0, size, count))


def _write_load(load: pd.DataFrame, folder: Path) -> None:
    """History as parquet, the last weeks as csv.gz with what real exports have: repeats, gaps, rows of no use."""
    folder.mkdir(parents=True, exist_ok=True)
    recent = load["timestamp"] >= pd.Timestamp(DEMO_AS_OF) - pd.Timedelta(days=30)
    history = load[~recent]
    with duckdb.connect() as con:
        con.register("history", history)
        con.execute("copy history to $file (format parquet)", {"file": str(folder / "history.parquet")})
    rows = [
        f"{row.service},{row.metric},{row.timestamp:%Y-%m-%dT%H:%M:%SZ},{row.value}"
        for row in load[recent].itertuples(index=False)
    ]
    rows = [row for row in rows if not row.startswith(SILENT)]
    rows += rows[1000:1040]  # delivered twice
    rows += [
        "checkout,requests,2026-11-03T04:30:00Z,",
        "search,requests,2026-11-03T04:30:00Z,NaN",
        "media,cpu,2026-11-04T05:30:00Z,inf",
        "catalog,cpu,yesterday,0.4",
        "billing,requests,2027-03-01T00:00:00Z,5",
    ]
    with gzip.open(folder / "recent.csv.gz", "wt", encoding="utf-8") as file:
        file.write("service,metric,timestamp,value\n" + "\n".join(rows) + "\n")


def _catalogued(sample: Sample) -> str:
    target = sample.cost_day_usd / (sample.requests_hour * 24 / 1e6) * 1.05
    return (
        f'[{sample.name}]\ntier = {sample.tier}\nteam = "{sample.team}"\nrequest_metric = "requests"\n'
        f'accounts = ["{_account(sample.name)}"]\naliases = ["{sample.name.title()}"]\n'
        f"target_cost_per_million = {target:.3g}\nbudget_usd_month = {sample.cost_day_usd * 31:.0f}\n"
        f"[{sample.name}.capacity.cpu]\nlimit = 0.8\nlead_time_days = 14\nunits = 8\n"
        f"unit_cost_usd_month = {sample.cost_day_usd * 2:.0f}\n"
    )


def _account(service: str) -> str:
    return str(100_000_000_000 + [sample.name for sample in SAMPLES].index(service))


def _months() -> list[date]:
    return [date(2026, month, 1) for month in range(FIRST_MONTH.month, DEMO_AS_OF.month + 1)]


def _lines(month: date, samples: Sequence[Sample], rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """Yield the lines of one month's bill."""
    days = [month + timedelta(days=k) for k in range((min(_next(month), DEMO_AS_OF) - month).days)]
    for day in days:
        for sample in samples:
            if day < DEMO_AS_OF - timedelta(days=sample.days):
                continue
            for category, product, share in PRODUCTS:
                weekday = 0.86 if day.weekday() >= SATURDAY else 1.0
                cost = sample.cost_day_usd * share * weekday * float(np.exp(rng.normal(0, 0.02)))
                key = "user:service" if rng.random() < NEW_TAG_SHARE else "service"
                tags = {key: sample.name} if rng.random() < TAGGED_SHARE else {}
                tags["env"] = "staging" if (sample.tier, category) == (2, "Databases") else "production"
                yield _line(month, day, sample.name, product, cost, ServiceCategory=category, Tags=json.dumps(tags))
        yield _line(month, day, None, "Data Transfer", 6 * float(rng.uniform(0.8, 1.2)), ServiceCategory="Networking")
    yield _line(month, month, None, "Tax", 310.0, ChargeCategory="Tax")
    yield _line(month, month, None, "Promotion", -125.5, ChargeCategory="Credit")
    yield _line(
        month,
        month,
        None,
        "Savings Plans",
        1800.0,
        ChargeCategory="Purchase",
        ChargeFrequency="One-Time",
        EffectiveCost=Decimal(0),
    )
    if month > FIRST_MONTH:  # a correction of the month before, invoiced in this one
        corrected = month - timedelta(days=12)
        yield _line(month, corrected, "search", PRODUCTS[0][1], -21.7, ChargeClass="Correction")


def _line(
    month: date, day: date, service: str | None, product: str, amount: float, **others: object
) -> dict[str, object]:
    """Return one FOCUS line, `amount` USD of usage unless `others` say differently."""
    cost = Decimal(f"{amount:.10f}")
    return {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost * Decimal("1.1"),
        "ContractedCost": cost,
        "BillingCurrency": "USD",
        "BillingAccountId": "999999999999",
        "SubAccountId": _account(service) if service else "900000000001",
        "BillingPeriodStart": month,
        "BillingPeriodEnd": _next(month),
        "ChargePeriodStart": day,
        "ChargePeriodEnd": day + timedelta(days=1),
        "ChargeCategory": "Usage",
        "ChargeClass": None,
        "ChargeFrequency": "Usage-Based",
        "PricingCategory": "Standard",
        "CommitmentDiscountStatus": None,
        "ConsumedQuantity": 1.0,
        "ConsumedUnit": "Hrs",
        "ProviderName": "AWS",
        "ServiceCategory": "Other",
        "ServiceName": product,
        "RegionId": "us-east-1",
        "Tags": "{}",
    } | others


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _write_month(lines: list[dict[str, object]], export: Path, month: date) -> None:
    """Deliver a month as Data Exports does: an older execution stays behind, the manifest names the newest."""
    period = f"BILLING_PERIOD={month:%Y-%m}"
    metadata = export / "metadata" / period
    metadata.mkdir(parents=True, exist_ok=True)
    stem = f"{month:%Y-%m}-00000000-0000-0000-0000"
    for written, part in (
        (f"{month:%Y-%m}-11T08:00:00.000Z-{stem}1", lines[: len(lines) // 3]),
        (f"{month:%Y-%m}-19T08:00:00.000Z-{stem}2", lines),
    ):
        folder = export / "data" / period / written
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "focus-daily-00001.snappy.parquet"
        _write_lines(part, file)
        named = [f"s3://sample/{EXPORT}/data/{period}/{written}/{file.name}"]
        manifest = json.dumps({"executionId": written, "dataFiles": named}, indent=1)
        for place in (metadata, metadata / written):  # each execution keeps its own, the newest is the period's
            place.mkdir(exist_ok=True)
            (place / "focus-daily-Manifest.json").write_text(manifest, encoding="utf-8")


def _write_lines(lines: list[dict[str, object]], file: Path) -> None:
    with duckdb.connect() as con:
        con.register(
            "lines", pd.DataFrame(lines).astype({"ChargeClass": "string", "CommitmentDiscountStatus": "string"})
        )
        con.execute(
            "copy (select * replace ("
            "BilledCost::decimal(38, 10) as BilledCost, EffectiveCost::decimal(38, 10) as EffectiveCost, "
            "ListCost::decimal(38, 10) as ListCost, ContractedCost::decimal(38, 10) as ContractedCost, "
            "BillingPeriodStart::timestamp as BillingPeriodStart, BillingPeriodEnd::timestamp as BillingPeriodEnd, "
            "ChargePeriodStart::timestamp as ChargePeriodStart, ChargePeriodEnd::timestamp as ChargePeriodEnd, "
            "Tags::json::map(varchar, varchar) as Tags) from lines) to $file (format parquet, compression snappy)",
            {"file": str(file)},
        )


def _write_oci(folder: Path) -> None:
    """Write a second vendor's bill, in euros, as one csv file."""
    days = (DEMO_AS_OF - date(2026, 9, 1)).days
    columns = (
        "BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ServiceCategory,"
        "ServiceName,ProviderName,BillingAccountId,Tags"
    )
    rows = [
        f"11.25,11.25,EUR,{day:%Y-%m}-01T00:00:00Z,{day}T00:00:00Z,Usage,Databases,Autonomous Database,Oracle,ocid1,"
        '"{""service"": ""reports""}"'
        for day in (date(2026, 9, 1) + timedelta(days=k) for k in range(days))
    ]
    (folder / "focus-oci.csv").write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
