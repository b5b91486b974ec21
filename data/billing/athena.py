"""Bills too large for one machine: Athena sums an export's table to the day, and only the sums are fetched.

https://docs.aws.amazon.com/athena/latest/ug/unload.html : UNLOAD writes parquet below a location that must be empty.
The table is the FOCUS export's (https://docs.aws.amazon.com/cur/latest/userguide/dataexports-processing.html), with
columns in lower case and `billing_period` (YYYY-MM) as its partition. `lines` of such a bill are sums, not lines.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import duckdb
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field

from data.aws import AwsAccess, explained, retried
from data.billing.deliveries import Delivery, Reading
from data.billing.lines import make_charge_line
from data.billing.scan import Scan, scan_files
from data.bucket import Bucket
from data.errors import BrokenDelivery, InputError
from data.fetch import S3, fingerprint
from data.warehouse import load_sql

Name = Annotated[str, Field(pattern="^[A-Za-z0-9_]+$")]  # they stand in the query as they are
TagKey = Annotated[str, Field(pattern="^[^'\\\\]+$")]
POLL_S = 2.0


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
    tag_keys: tuple[TagKey, ...] = ()
    wait_s: Annotated[float, Field(gt=0)] = 1800
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Athena":  # noqa: ARG002 - every source is asked
        """Return the same: it has no path."""
        return self

    def deliveries(self, reading: Reading) -> list[Delivery]:
        """Sum the last months in Athena, once a night; return what it wrote as one delivery."""
        query = self.query(reading)
        bucket, _, prefix = self.output.removeprefix(S3).partition("/")
        prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        below = f"{prefix}{reading.as_of}-{fingerprint(query)}/"
        sums = Bucket(self.name, self.aws.client("s3"), bucket, below, self.aws.object_arguments(), reading.cache)
        files = sums.entries()
        if reading.is_probe:
            return []
        if not files:
            self._run(f"unload ({query}) to '{S3}{bucket}/{below}' with (format = 'PARQUET', compression = 'SNAPPY')")
            files = sums.entries()
        if not files:
            raise BrokenDelivery(
                f"{self.name}: {sums.where}: Athena wrote nothing; has {self.database}.{self.table} the partitions "
                f"of the last {self.months} months?"
            )
        return [Delivery(None, fingerprint(*files), None, sums, tuple(files))]

    def query(self, reading: Reading) -> str:
        """Return the aggregation, in Athena's SQL."""
        month, months = (reading.as_of - timedelta(days=1)).replace(day=1), []
        for _ in range(self.months):
            months.append(f"'{month:%Y-%m}'")
            month = (month - timedelta(days=1)).replace(day=1)
        tags = ", ".join(f"'{key}', element_at(tags, '{key}')" for key in self.tag_keys)
        pairs = [f"element_at(tags, '{key}')" for key in self.tag_keys]
        keys = ", ".join(f"'{key}'" for key in self.tag_keys)
        return (
            load_sql("billing/athena")
            .replace("$table", f'"{self.database}"."{self.table}"')
            .replace("$months", ", ".join(months))
            .replace("$tags", f"map(array[{keys}], array[{', '.join(pairs)}])" if tags else "map()")
        )

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], tag_keys: Sequence[str]
    ) -> list[str]:
        """Make `charge_line` from the sums."""
        scan: Scan = scan_files(self.name, delivery, files)
        make_charge_line(con, scan, tag_keys)
        return ["lines are daily sums made by Athena"]

    def _run(self, statement: str) -> None:
        """Run a statement to its end; raises InputError where it fails or takes longer than `wait_s`."""
        client = self.aws.client("athena")
        try:
            started = retried(
                lambda: client.start_query_execution(
                    QueryString=statement,
                    WorkGroup=self.workgroup,
                    QueryExecutionContext={"Database": self.database},
                    ResultConfiguration={"OutputLocation": self.output},
                )
            )
            self._wait(client, started["QueryExecutionId"])
        except (ClientError, BotoCoreError) as error:
            raise explained(f"{self.name}: Athena {self.database}.{self.table}", error) from error

    def _wait(self, client: BaseClient, query: str) -> None:
        deadline = time.monotonic() + self.wait_s
        while True:
            found = retried(lambda: client.get_query_execution(QueryExecutionId=query))["QueryExecution"]["Status"]
            if found["State"] == "SUCCEEDED":
                return
            if found["State"] in {"FAILED", "CANCELLED"}:
                raise InputError(
                    f"{self.name}: Athena {self.database}.{self.table}: query {query} {found['State'].lower()}: "
                    f"{found.get('StateChangeReason', 'no reason given')}; see it in Athena's history"
                )
            if time.monotonic() > deadline:
                raise InputError(
                    f"{self.name}: Athena: query {query} runs for more than {self.wait_s:.0f} s; "
                    "give it longer with wait_s, or fewer months"
                )
            time.sleep(POLL_S)
