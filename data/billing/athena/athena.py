"""Bills too large for one machine: Athena sums an export's table to the day, and only the sums are fetched.

https://docs.aws.amazon.com/athena/latest/ug/unload.html : UNLOAD writes parquet, in files without an ending, below a
location that must be empty, and leaves what it wrote where it fails. So each run has a folder of its own below
`output`, what a run that succeeded wrote is noted in the cache, and the folders of other runs are removed. `lines` of
such a bill are sums, not lines.
"""

import re
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import duckdb
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field

from data.billing.athena.query import run_query
from data.billing.athena.tables import sums
from data.billing.cur.cur import make_cur_line
from data.billing.deliveries import BillReading, Delivery
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import scan_files
from data.billing.read.tags import plain_key
from data.errors import BrokenDelivery, SchemaMismatch
from data.storage.aws import AwsAccess, explained, retried
from data.storage.bucket import Bucket
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.locate import S3
from data.warehouse import fetch_row

Name = Annotated[str, Field(pattern="^[A-Za-z0-9_]+$")]  # they stand in the query as they are


class Athena(BaseModel):
    """The daily sums of an export's table; `output` is a prefix in a bucket that Athena writes to and we read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["athena"]
    name: str
    database: Name
    table: Name
    output: Annotated[str, Field(pattern=r"^s3://[a-z0-9.-]+(/[A-Za-z0-9_./=-]*)?$")]
    workgroup: str = "primary"
    months: Annotated[int, Field(ge=1, le=60)] = 3
    tag_keys: tuple[str, ...] = ()
    wait_s: Annotated[float, Field(gt=0)] = 1800
    keep_results: bool = False  # where the role may not delete: give `output` a lifecycle rule
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Athena":  # noqa: ARG002 - every source is asked
        """Return the same: it has no path."""
        return self

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Sum the last months in Athena, once a night; return what it wrote as one delivery."""
        query, results = self.query(reading.as_of), self._results(reading.cache)
        there = results.entries()
        if reading.is_probe:
            return []
        note = reading.cache / "athena" / f"{reading.as_of}-{fingerprint(query)}"
        files = _noted(note, there)
        if not files:
            run = f"{reading.as_of}-{uuid.uuid4().hex[:12]}/"
            self._unload(query, results, run)
            there = results.entries()
            files = [entry for entry in there if entry.key.startswith(run)]
        if not files:
            raise BrokenDelivery(
                f"{self._where}: wrote nothing below {results.where}; has the table the partitions of the last "
                f"{self.months} months?"
            )
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text("\n".join(entry.key for entry in files), encoding="utf-8")
        if not self.keep_results:
            results.remove([entry for entry in there if entry not in files])
        return [Delivery(None, fingerprint(*files), None, results, tuple(files))]

    def query(self, as_of: date) -> str:
        """Return the aggregation of the months before as_of, in Athena's SQL."""
        month, months = (as_of - timedelta(days=1)).replace(day=1), []
        for _ in range(self.months):
            months.append(f"{month:%Y-%m}")
            month = (month - timedelta(days=1)).replace(day=1)
        keys = dict.fromkeys(map(plain_key, self.tag_keys))
        return sums(self._where, f'"{self.database}"."{self.table}"', self._columns(), months, tuple(keys))

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the sums."""
        scan = scan_files(self.name, delivery, files)
        row = fetch_row(con, f"select sum(x_lines_without_cost) from {scan.sql}")  # noqa: S608 - our own query
        if row and row[0]:
            raise SchemaMismatch(f"{self._where}: {row[0]} lines have no billed cost; export it again")
        make = make_cur_line if scan.find("line_item_unblended_cost") else make_charge_line
        return [*make(con, scan, owners), "lines are daily sums made by Athena"]

    @property
    def _where(self) -> str:
        return f"{self.name}: Athena {self.database}.{self.table}"

    def _columns(self) -> list[str]:
        """Return the names of the table's columns, those of its partition too."""
        client = self.aws.client("glue")
        try:
            table = retried(lambda: client.get_table(DatabaseName=self.database, Name=self.table))["Table"]
        except (ClientError, BotoCoreError) as error:
            raise explained(self._where, error) from error
        columns = [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]
        return [column["Name"].lower() for column in columns]

    def _results(self, cache: Path) -> Bucket:
        """Return the folder below `output` that is this source's own."""
        bucket, _, prefix = self.output.removeprefix(S3).partition("/")
        prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        ours = f"{prefix}plimsoll-{re.sub(r'[^A-Za-z0-9_-]', '-', self.name)}/"
        return Bucket(self.name, self.aws.client("s3"), bucket, ours, self.aws.object_arguments(), cache)

    def _unload(self, query: str, results: Bucket, run: str) -> None:
        """Have Athena write the query's rows to the folder `run`."""
        asked: dict[str, object] = {
            "WorkGroup": self.workgroup,
            "QueryExecutionContext": {"Database": self.database},
            "ResultConfiguration": {"OutputLocation": f"{results.where}/queries/"},
        }
        unload = f"unload (\n{query}\n) to '{results.where}/{run}' with (format = 'PARQUET', compression = 'SNAPPY')"
        try:
            run_query(self.aws.client("athena"), self._where, unload, asked, self.wait_s)
        except (ClientError, BotoCoreError) as error:
            raise explained(self._where, error) from error


def _noted(note: Path, there: Sequence[Entry]) -> list[Entry]:
    """Return the files of the run that succeeded tonight, if one did and all that it wrote is there."""
    keys = note.read_text(encoding="utf-8").splitlines() if note.is_file() else []
    by_key = {entry.key: entry for entry in there}
    return [by_key[key] for key in keys] if by_key.keys() >= set(keys) else []
