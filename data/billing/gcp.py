"""The Google Cloud billing export, as csv or parquet out of BigQuery, translated to FOCUS by sql/billing/gcp.sql.

https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
Costs are before credits, in `currency`; times are UTC; `invoice.month` is the billing period. Nested fields are
columns with a dot in csv (service.description) and structs in parquet.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from data.billing.deliveries import ENDINGS, BillReading, Delivery, plain_delivery
from data.billing.read.columns import as_texts, missing
from data.billing.read.lines import make_charge_line
from data.billing.read.scan import Scan, describe, scan_files
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.warehouse import identifier, load_sql

COLUMNS: dict[str, tuple[str, ...]] = {
    "invoice_month": ("invoice.month",),
    "usage_start": ("usage_start_time",),
    "cost": ("cost",),
    "list_cost": ("cost_at_list",),
    "currency": ("currency",),
    "cost_type": ("cost_type",),
    "credits": ("credits",),
    "billing_account": ("billing_account_id",),
    "project": ("project.id",),
    "product": ("service.description",),
    "region": ("location.region", "location.location"),
    "quantity": ("usage.amount",),
    "unit": ("usage.unit",),
    "labels": ("labels",),
}
REQUIRED = ("invoice_month", "usage_start", "cost", "currency")
NESTED = ("service", "project", "location", "usage", "invoice")


class Gcp(BaseModel):
    """A Google Cloud billing export: `uri` is a folder of files, a file, or a pattern."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["gcp"]
    name: str
    uri: str
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Gcp":
        """Return the same with its uri below `root`."""
        return self.model_copy(update={"uri": below(root, self.uri)})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return the files as one delivery; its lines say the billing periods."""
        return [plain_delivery(self.name, locate(self.name, self.uri, self.aws, reading.cache), ENDINGS)]

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], tag_keys: Sequence[str]
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about them."""
        scan = _flat(scan_files(self.name, delivery, files, max_ratio=self.max_ratio))
        lacking = missing(scan, COLUMNS, REQUIRED)
        if lacking:
            raise SchemaMismatch(
                f"{scan.where}: column {lacking} is missing; found {', '.join(scan.types)}; "
                "export the standard or the detailed usage cost table"
            )
        con.execute(f"create or replace temp view gcp_line as select {as_texts(scan, COLUMNS)} from {scan.sql}")  # noqa: S608 - quoted names
        con.execute(f"create or replace temp view focus_line as {load_sql('billing/gcp')}")
        make_charge_line(con, describe(con, "focus_line", scan.where), tag_keys)
        return []


def _flat(scan: Scan) -> Scan:
    """Return the relation with the fields of its structs as columns with a dot, and its lists as JSON."""
    selected, types = [], {}
    for column, kind in scan.types.items():
        name = identifier(column)
        if column.lower() in NESTED and kind.startswith("STRUCT"):
            fields = {ours for group in COLUMNS.values() for ours in group if ours.startswith(f"{column.lower()}.")}
            for field in sorted(fields):
                inner = field.partition(".")[2]
                if f"{inner} " in kind.lower() or f'"{inner}" ' in kind.lower():
                    selected.append(f"{name}.{identifier(inner)} as {identifier(field)}")
                    types[field] = "VARCHAR"
        elif kind.endswith("[]"):
            selected.append(f"to_json({name})::varchar as {name}")
            types[column] = "VARCHAR"
        else:
            selected.append(name)
            types[column] = kind
    return Scan(f"(select {', '.join(selected)} from {scan.sql})", types, scan.where)  # noqa: S608 - quoted names
