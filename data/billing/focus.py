"""Bills in FOCUS (1.0 to 1.4) from any vendor: csv, JSON lines or parquet, from a folder, a file, a pattern, a bucket.

https://focus.finops.org/focus-specification/
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

import duckdb

from data.billing.azure.runs import find_runs, has_runs
from data.billing.contracts import load_data_set
from data.billing.deliveries import BillReading, Delivery
from data.billing.exports import find_deliveries
from data.billing.kubernetes import OfNodes
from data.billing.read.focus_columns import FOCUS_COLUMNS
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import scan_files
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio

_DATA_SETS = {
    "contract_commitments": "contract_commitment",
    "invoice_details": "invoice_detail",
    "billing_periods": "billing_period_state",
}


class Focus(OfNodes):
    """A FOCUS export: `uri` is an AWS Data Exports folder, a folder of files, a file, or a pattern; local or s3://."""

    kind: Literal["focus"]
    name: str
    uri: str
    contract_commitments: str | None = None  # where FOCUS's data set of that name lies
    invoice_details: str | None = None  # where the other one does: then [[invoice]] need not say it
    billing_periods: str | None = None  # and the one that says which months are final
    superseded: bool = True  # the ledger reads executions that were never current on a night, too
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> Self:
        """Return the same with its uri below `root`."""
        uris = {name: getattr(self, name) for name in ("uri", *_DATA_SETS)}
        located: dict[str, object] = {name: uri and below(root, uri) for name, uri in uris.items()}
        return super().located(root).model_copy(update=located)

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return what there is to read: the current delivery of each billing period, and those it superseded."""
        located = locate(self.name, self.uri, self.aws, reading.cache)
        if has_runs(located):  # as Azure exports FOCUS
            return find_runs(self.name, located)
        return find_deliveries(self.name, located, reading.known if self.superseded else None, reading.known_at)

    def load_data_sets(self, con: duckdb.DuckDBPyConnection, reading: BillReading) -> None:
        """Load the data sets beside cost and usage that the configuration names."""
        for key, table in _DATA_SETS.items():
            uri = getattr(self, key)
            if uri is not None:
                load_data_set(con, self.name, table, uri, self.aws, reading.cache)

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about their columns."""
        scan = scan_files(self.name, delivery, files, max_ratio=self.max_ratio)
        odd = make_charge_line(con, scan, owners, fills_list=True)
        known = {name.lower() for name in FOCUS_COLUMNS}
        return odd + [
            f"column {name!r} is not of FOCUS"
            for name in scan.types
            if name.lower() not in known and not name.lower().startswith("x_")
        ]
