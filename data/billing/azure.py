"""Azure cost exports (EA, MCA, pay-as-you-go), actual and amortised, translated to FOCUS by sql/billing/azure.sql.

https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields
Column names differ by agreement and version (Cost, CostInBillingCurrency, PreTaxCost); dates are MM/DD/YYYY or ISO.
An actual export holds purchases and no cost of what they cover; an amortised one the reverse: with both, billed cost
is of the one and effective cost of the other.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from data.aws import AwsAccess
from data.billing.azure_runs import Both, find_runs
from data.billing.columns import as_texts, missing
from data.billing.deliveries import Delivery, Reading
from data.billing.lines import make_charge_line
from data.billing.scan import describe, scan_files
from data.errors import SchemaMismatch
from data.fetch import below, locate
from data.warehouse import load_sql

COLUMNS: dict[str, tuple[str, ...]] = {
    "usage_date": ("Date", "UsageDateTime", "UsageDate"),
    "cost": ("CostInBillingCurrency", "Cost", "PreTaxCost"),
    "currency": ("BillingCurrency", "BillingCurrencyCode", "Currency"),
    "period_start": ("BillingPeriodStartDate",),
    "charge_type": ("ChargeType",),
    "frequency": ("Frequency",),
    "pricing_model": ("PricingModel",),
    "reservation": ("ReservationId",),
    "billing_account": ("BillingAccountId",),
    "subscription": ("SubscriptionId", "SubscriptionGuid"),
    "category": ("ServiceFamily",),
    "product": ("MeterCategory", "ServiceName", "ConsumedService"),
    "region": ("ResourceLocation", "MeterRegion"),
    "quantity": ("Quantity", "UsageQuantity"),
    "unit": ("UnitOfMeasure",),
    "list_unit_price": ("PayGPrice",),
    "invoice": ("InvoiceId",),
    "tags": ("Tags",),
}
REQUIRED = ("usage_date", "cost", "currency")


class Azure(BaseModel):
    """An Azure export of cost: `uri` is of the actual cost, or of the amortised one where `cost` says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["azure"]
    name: str
    uri: str
    amortized_uri: str | None = None
    cost: Literal["actual", "amortized"] = "actual"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Azure":
        """Return the same with its uris below `root`."""
        other = self.amortized_uri and below(root, self.amortized_uri)
        return self.model_copy(update={"uri": below(root, self.uri), "amortized_uri": other})

    def deliveries(self, reading: Reading) -> list[Delivery]:
        """Return the newest run of each billing period; the actual and the amortised one as one delivery."""
        actual = find_runs(self.name, locate(self.name, self.uri, self.aws, reading.cache))
        if self.amortized_uri is None:
            return actual
        amortized = find_runs(self.name, locate(self.name, self.amortized_uri, self.aws, reading.cache))
        return Both.paired(self.name, actual, amortized)

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], tag_keys: Sequence[str]
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about them."""
        parts = []
        for holds, chosen in Both.split(delivery, files, self.cost).items():
            scan = scan_files(self.name, chosen[0], chosen[1], self.delimiter)
            lacking = missing(scan, COLUMNS, REQUIRED)
            if lacking:
                raise SchemaMismatch(
                    f"{self.name}: {chosen[0].where}: column {lacking} is missing; found {', '.join(scan.types)}; "
                    "check `delimiter`, and that headers are English: choose English for the export"
                )
            parts.append(f"select '{holds}' as holds, {as_texts(scan, COLUMNS)} from {scan.sql}")  # noqa: S608 - quoted names
        con.execute(f"create or replace temp view azure_line as {' union all '.join(parts)}")
        con.execute(f"create or replace temp view focus_line as {load_sql('billing/azure')}")
        make_charge_line(con, self.name, delivery.where, describe(con, "focus_line"), tag_keys)
        if len(parts) == 1:
            return [f"only the {self.cost} cost is exported: name the other with amortized_uri to have both"]
        return []
