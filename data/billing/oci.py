"""Oracle Cloud's own cost report, translated to FOCUS by sql/billing/oci.sql.

https://docs.oracle.com/en-us/iaas/Content/Billing/Concepts/costusagereportsoverview.htm
Files of csv.gz, several a day, each with new lines: none repeats another. Times are UTC; costs in cost/currencyCode.
Tags are columns, tags/<namespace>.<key>. There is no billing period: it is the month of use.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from data.billing.deliveries import ENDINGS, BillReading, Delivery, plain_delivery
from data.billing.read.columns import as_texts, missing
from data.billing.read.hashes import hashes
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import Scan, describe, scan_files
from data.billing.read.tags import is_same_key
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.warehouse import identifier, literal, load_sql

COLUMNS: dict[str, tuple[str, ...]] = {
    "usage_start": ("lineItem/intervalUsageStart",),
    "usage_end": ("lineItem/intervalUsageEnd",),
    "cost": ("cost/myCost",),
    "currency": ("cost/currencyCode",),
    "tenant": ("lineItem/tenantId",),
    "compartment": ("product/compartmentId",),
    "product": ("product/service",),
    "region": ("product/region",),
    "resource": ("product/resourceId",),
    "quantity": ("usage/billedQuantity",),
    "unit": ("cost/billingUnitReadable",),
    "is_correction": ("lineItem/isCorrection",),
}
REQUIRED = ("usage_start", "cost", "currency")
_TAG = re.compile(r"^tags/", re.IGNORECASE)
_NAMESPACE = re.compile(r"^[^.]*\.")


class Oci(BaseModel):
    """An Oracle Cloud cost report: `uri` is the folder of its files, a file, or a pattern."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["oci"]
    name: str
    uri: str
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()  # of Oracle's S3-compatible API

    def located(self, root: Path) -> "Oci":
        """Return the same with its uri below `root`."""
        return self.model_copy(update={"uri": below(root, self.uri)})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return the files as one delivery; their lines say the months."""
        return [plain_delivery(self.name, locate(self.name, self.uri, self.aws, reading.cache), ENDINGS)]

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files."""
        scan = scan_files(self.name, delivery, files, max_ratio=self.max_ratio)
        lacking = missing(scan, COLUMNS, REQUIRED)
        if lacking:
            raise SchemaMismatch(
                f"{scan.where}: column {lacking} is missing; found {', '.join(list(scan.types)[:20])}; want "
                "Oracle Cloud's cost report; its FOCUS reports are of `kind` focus"
            )
        columns = f"{as_texts(scan, COLUMNS)}, {_tags(scan, owners)} as tags, {hashes(scan)}"
        con.execute(f"create or replace temp view oci_line as select {columns} from {scan.sql}")  # noqa: S608 - quoted names
        con.execute(f"create or replace temp view focus_line as {load_sql('billing/oci')}")
        return make_charge_line(con, describe(con, "focus_line", scan.where), owners)


def _tags(scan: Scan, owners: Owners) -> str:
    """Return the wanted tags as a map; a key is wanted with its namespace or without."""
    columns = {_TAG.sub("", name): name for name in scan.types if _TAG.match(name)}
    wanted = {
        other: f"{identifier(name)}::varchar"
        for other in owners.keys
        for key, name in columns.items()
        if is_same_key(key, other) or is_same_key(_NAMESPACE.sub("", key), other)
    }
    if not wanted:
        return "null::map(varchar, varchar)"
    return f"map([{', '.join(map(literal, wanted))}], [{', '.join(wanted.values())}])"
