"""Bills in FOCUS (1.0 to 1.3) from any vendor: csv, csv.gz or parquet, from a folder, a file, a pattern or a bucket.

https://focus.finops.org/focus-specification/
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from data.billing.azure.runs import find_runs, has_runs
from data.billing.deliveries import BillReading, Delivery, find_deliveries
from data.billing.read.focus_columns import FOCUS_COLUMNS
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import scan_files
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio


class Focus(BaseModel):
    """A FOCUS export: `uri` is an AWS Data Exports folder, a folder of files, a file, or a pattern; local or s3://."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["focus"]
    name: str
    uri: str
    superseded: bool = True  # the ledger reads executions that were never current on a night, too
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Focus":
        """Return the same with its uri below `root`."""
        return self.model_copy(update={"uri": below(root, self.uri)})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return what there is to read: the current delivery of each billing period, and those it superseded."""
        located = locate(self.name, self.uri, self.aws, reading.cache)
        if has_runs(located):  # as Azure exports FOCUS
            return find_runs(self.name, located)
        return find_deliveries(self.name, located, reading.known if self.superseded else None)

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about their columns."""
        scan = scan_files(self.name, delivery, files, max_ratio=self.max_ratio)
        make_charge_line(con, scan, owners)
        known = {name.lower() for name in FOCUS_COLUMNS}
        return [
            f"column {name!r} is not of FOCUS"
            for name in scan.types
            if name.lower() not in known and not name.lower().startswith("x_")
        ]
