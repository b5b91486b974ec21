"""The Google Cloud billing export, as parquet, newline JSON or csv out of BigQuery, in FOCUS by sql/billing/gcp.sql.

https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
Costs are before credits, in `currency`; times are UTC; `invoice.month` is the billing period. Nested fields are
columns with a dot in csv (service.description) or JSON in one column, structs in parquet, objects in JSON. BigQuery
writes a list to parquet as {list: [{element: ...}]}.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

import duckdb

from data.billing.deliveries import ENDINGS, JSON_ENDINGS, BillReading, Delivery, plain_delivery
from data.billing.kubernetes import OfNodes
from data.billing.read.columns import as_texts, missing
from data.billing.read.hashes import hashes
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import Scan, describe, scan_files
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.warehouse import identifier, literal, load_sql

COLUMNS: dict[str, tuple[str, ...]] = {
    "invoice_month": ("invoice.month",),
    "usage_start": ("usage_start_time",),
    "usage_end": ("usage_end_time",),
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
    "project_labels": ("project.labels",),
    "folders": ("project.ancestors", "project.ancestry_numbers"),
    "tags": ("tags",),
    "resource": ("resource.global_name", "resource.name"),
}
REQUIRED = ("invoice_month", "usage_start", "cost", "currency")
NESTED = ("service", "project", "location", "usage", "invoice", "resource")
_LIST = re.compile(r'^STRUCT\("?list"? STRUCT\("?element"? ', re.IGNORECASE)


class Gcp(OfNodes):
    """A Google Cloud billing export: `uri` is a folder of files, a file, or a pattern."""

    kind: Literal["gcp"]
    name: str
    uri: str
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> Self:
        """Return the same with its uri below `root`."""
        return super().located(root).model_copy(update={"uri": below(root, self.uri)})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return the files as one delivery; its lines say the billing periods."""
        endings = (*ENDINGS, *JSON_ENDINGS)
        return [plain_delivery(self.name, locate(self.name, self.uri, self.aws, reading.cache), endings)]

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about them."""
        scan = _flat(con, scan_files(self.name, delivery, files, max_ratio=self.max_ratio))
        lacking = missing(scan, COLUMNS, REQUIRED)
        if lacking:
            raise SchemaMismatch(
                f"{scan.where}: column {lacking} is missing; found {', '.join(scan.types)}; "
                "export the standard or the detailed usage cost table"
            )
        apart = [column for column in scan.types if column.lower().startswith(("credits.", "credits_"))]
        if apart:
            raise SchemaMismatch(
                f"{scan.where}: column {apart[0]} has credits apart from their lines, where a line with two of them "
                "stands twice; export the table itself, with credits as one column"
            )
        columns = f"{as_texts(scan, COLUMNS)}, {hashes(scan)}"
        con.execute(f"create or replace temp view gcp_line as select {columns} from {scan.sql}")  # noqa: S608 - quoted names
        con.execute(f"create or replace temp view focus_line as {load_sql('billing/gcp')}")
        odd = make_charge_line(con, describe(con, "focus_line", scan.where), owners)
        unknown = con.execute(load_sql("billing/gcp_credit")).fetchall()
        odd += [
            f"credits of type {kind} are not in Google's list: kept as credit, apart from use" for (kind,) in unknown
        ]
        return odd if scan.find("credits") else [*odd, "column credits is missing: costs are before all discounts"]


def _flat(con: duckdb.DuckDBPyConnection, scan: Scan) -> Scan:
    """Return the relation with the fields of its structs as columns with a dot, and its lists as JSON."""
    selected = {}
    for column, kind in scan.types.items():
        name = identifier(column)
        if column.lower() in NESTED and kind.startswith("STRUCT"):
            described = con.execute(f"describe select unnest({name}) from {scan.sql}").fetchall()  # noqa: S608 - quoted names
            for inner, inner_kind, *_ in described:
                selected[f"{column}.{inner}"] = _as_text(f"{name}.{identifier(inner)}", inner_kind)
        elif column.lower() in NESTED and kind in {"VARCHAR", "JSON"}:
            for inner in _fields(column):
                selected[f"{column}.{inner}"] = f"json_extract_string(json_of({name}), {literal('/' + inner)})"
        else:
            selected[column] = _as_text(name, kind)
    columns = ", ".join(f"{expression} as {identifier(column)}" for column, expression in selected.items())
    return Scan(f"(select {columns} from {scan.sql})", dict.fromkeys(selected, "VARCHAR"), scan.where)  # noqa: S608 - quoted names


def _fields(column: str) -> list[str]:
    """Return the fields of a nested column that are read."""
    names = [name.partition(".") for theirs in COLUMNS.values() for name in theirs]
    return [inner for outer, _, inner in names if outer == column.lower()]


def _as_text(name: str, kind: str) -> str:
    """Return a value's text; of what is nested its JSON."""
    if kind == "JSON":
        return f"({name} ->> '$')"
    if _LIST.match(kind):
        return f"to_json(list_transform({name}.list, lambda one: one.element))::varchar"
    return (
        f"to_json({name})::varchar" if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")) else f"{name}::varchar"
    )
