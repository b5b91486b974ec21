"""AWS Cost Explorer, for those without an export: daily cost by service and account, or by service and one tag.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html : at most two groups a
call, paged by NextPageToken, USD 0.01 a page, 14 months of history. Days are UTC; UnblendedCost is what is billed,
NetAmortizedCost is after discounts with commitments amortised. `Estimated` days may still change.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field

from data.billing.deliveries import BillReading, Delivery
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import scan_files
from data.errors import BrokenDelivery, NoData
from data.storage.aws import AwsAccess, explained, retried
from data.storage.cache import fingerprint
from data.storage.folder import LocalFolder

FIELDS = {"UnblendedCost": "BilledCost", "NetAmortizedCost": "EffectiveCost"}
MAX_PAGES = 500
_TAX_ALONE = {"Key": "RECORD_TYPE", "Values": ["Tax"]}
_APART = {"Tax": "Tax", "Credit": "Credit", "Refund": "Adjustment"}  # RECORD_TYPE: ChargeCategory
COLUMNS = (
    "BillingPeriodStart",
    "ChargePeriodStart",
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "ChargeCategory",
    "ProviderName",
    "SubAccountId",
    "ServiceName",
    "InvoiceId",
    "Tags",
)


class CostExplorer(BaseModel):
    """Cost Explorer's daily cost of the last `months` months; by `tag` in place of the account where it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["cost_explorer"]
    name: str
    months: int = Field(default=3, ge=1, le=14)
    tag: str | None = None
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "CostExplorer":  # noqa: ARG002 - every source is asked
        """Return the same: it has no path."""
        return self

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Ask for each month up to as_of; return those that have cost, each as one file."""
        client, months = self.aws.client("ce"), []
        if reading.is_probe:
            self._pages(client, reading.as_of - timedelta(days=1), reading.as_of, {"Dimensions": _TAX_ALONE})
            return []
        for month in _months(reading.as_of, self.months):
            end = min(_next(month), reading.as_of)
            rows = [row for category, pages in self.fetch(client, month, end) for row in self.parse(pages, category)]
            if rows:
                months.append(_written(reading.cache, month, rows))
        if not months:
            raise NoData(
                f"{self.name}: Cost Explorer knows no cost of the last {self.months} months; check the account"
            )
        return months

    def fetch(self, client: BaseClient, start: date, end: date) -> Iterable[tuple[str, list[dict[str, Any]]]]:
        """Yield the pages of use, tax, credits and refunds by their charge category."""
        kinds = {"Key": "RECORD_TYPE"}
        yield "Usage", self._pages(client, start, end, {"Not": {"Dimensions": {**kinds, "Values": list(_APART)}}})
        for kind, category in _APART.items():
            yield category, self._pages(client, start, end, {"Dimensions": {**kinds, "Values": [kind]}})

    def parse(self, pages: Iterable[dict[str, Any]], category: str) -> list[dict[str, str]]:
        """Return FOCUS rows of the answer's pages; groups that cost nothing are left out."""
        rows = []
        for day in (day for page in pages for day in page["ResultsByTime"]):
            start = day["TimePeriod"]["Start"]
            for group in day.get("Groups", []):
                service, other = group["Keys"]
                costs = {ours: group["Metrics"][theirs]["Amount"] for theirs, ours in FIELDS.items()}
                if not any(float(cost) for cost in costs.values()):
                    continue
                owner = {self.tag: other.partition("$")[2]} if self.tag else {}
                rows.append(
                    costs
                    | {
                        "BillingPeriodStart": f"{start[:7]}-01",
                        "ChargePeriodStart": start,
                        "BillingCurrency": group["Metrics"]["UnblendedCost"]["Unit"],
                        "ChargeCategory": category,
                        "ProviderName": "AWS",
                        "SubAccountId": "" if self.tag else other,
                        "ServiceName": service,
                        "InvoiceId": "" if day.get("Estimated", True) else "final",
                        "Tags": json.dumps(owner),
                    }
                )
        return rows

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from a month's file."""
        return make_charge_line(con, scan_files(self.name, delivery, files), owners)

    def _pages(self, client: BaseClient, start: date, end: date, only: dict[str, Any]) -> list[dict[str, Any]]:
        second = {"Type": "TAG", "Key": self.tag} if self.tag else {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}
        asked: dict[str, Any] = {
            "TimePeriod": {"Start": f"{start}", "End": f"{end}"},
            "Granularity": "DAILY",
            "Metrics": list(FIELDS),
            "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, second],
            "Filter": only,
        }
        pages: list[dict[str, Any]] = []
        try:
            while len(pages) < MAX_PAGES:
                page = retried(lambda: client.get_cost_and_usage(**asked))
                pages.append(page)
                if not page.get("NextPageToken"):
                    return pages
                asked["NextPageToken"] = page["NextPageToken"]
        except (ClientError, BotoCoreError) as error:
            raise explained(f"{self.name}: Cost Explorer", error) from error
        raise BrokenDelivery(
            f"{self.name}: Cost Explorer: {start} to {end} has more than {MAX_PAGES} pages; use an export"
        )


def _written(cache: Path, month: date, rows: list[dict[str, str]]) -> Delivery:
    """Return a month's rows as a delivery of one file; equal rows are an equal delivery."""
    content = fingerprint(*(sorted(tuple(row[column] for column in COLUMNS) for row in rows)))
    folder = cache / "cost_explorer"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{month:%Y-%m}-{content}.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    local = LocalFolder(folder)
    (entry,) = local.entries(file.name)
    return Answer(month, content, None, local, (entry,))


class Answer(Delivery):
    """A delivery that is what a service answered: the time its file was written says nothing."""

    @property
    def fingerprint(self) -> str:
        """Return the hash of its rows."""
        return self.execution_id


def _months(as_of: date, count: int) -> list[date]:
    """Return the first days of the last months that have days before as_of, oldest first."""
    month, months = (as_of - timedelta(days=1)).replace(day=1), []
    for _ in range(count):
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
