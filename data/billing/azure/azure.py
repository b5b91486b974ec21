"""Azure cost exports (EA, MCA, pay-as-you-go), actual and amortised, translated to FOCUS by sql/billing/azure.sql.

https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields
Column names differ by agreement, version and language (see azure_headers); dates are MM/DD/YYYY or ISO.
An actual export holds purchases and no cost of what they cover; an amortised one the reverse: with both, billed cost
is of the one and effective cost of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

import duckdb
from pydantic import Field, field_validator

from data.billing.azure.headers import COLUMNS, in_english, is_known, unused
from data.billing.azure.runs import Both, find_runs
from data.billing.deliveries import BillReading, Delivery
from data.billing.kubernetes import OfNodes
from data.billing.read.columns import as_texts, missing
from data.billing.read.hashes import hashes
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import describe, scan_files
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.warehouse import fetch_row, first_line, load_sql

REQUIRED = ("usage_date", "cost", "currency")


class Azure(OfNodes):
    """An Azure export of cost: `uri` is of the actual cost, or of the amortised one where `cost` says so."""

    kind: Literal["azure"]
    name: str
    uri: str
    amortized_uri: str | None = None
    cost: Literal["actual", "amortized"] = "actual"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    date_format: str | None = None  # as strptime has it, e.g. %d.%m.%Y; MM/DD/YYYY and ISO where it is left out
    columns: Mapping[str, str] = {}  # the files' names to Azure's English ones, where they do not say them
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None  # of files that do not say it
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    @field_validator("columns")
    @classmethod
    def _are_known(cls, columns: Mapping[str, str]) -> Mapping[str, str]:
        for theirs, english in columns.items():
            if not is_known(english):
                known = ", ".join(name for names in COLUMNS.values() for name in names)
                raise ValueError(f"{theirs!r} = {english!r}: no column of Azure that is read; want one of {known}")
        return columns

    @field_validator("date_format")
    @classmethod
    def _is_format(cls, text: str | None) -> str | None:
        try:
            with duckdb.connect() as con:
                con.execute("select try_strptime('', $format)", {"format": "%d" if text is None else text}).fetchall()
        except duckdb.Error as error:
            raise ValueError(f"{text!r}: {first_line(error)}; want a form such as %d.%m.%Y") from error
        return text

    def located(self, root: Path) -> Self:
        """Return the same with its uris below `root`."""
        other = self.amortized_uri and below(root, self.amortized_uri)
        return super().located(root).model_copy(update={"uri": below(root, self.uri), "amortized_uri": other})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return the newest run of each billing period; the actual and the amortised one as one delivery."""
        runs = find_runs(self.name, locate(self.name, self.uri, self.aws, reading.cache))
        if self.amortized_uri is not None:
            amortized = find_runs(self.name, locate(self.name, self.amortized_uri, self.aws, reading.cache))
            runs = Both.paired(self.name, runs, amortized)
        manner = self.model_dump_json(include={"cost", "decimal", "date_format", "columns", "currency"})
        return [replace(delivery, manner=manner) for delivery in runs]

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about them."""
        parts, warnings, spelt = [], [], in_english(self.columns)
        required = REQUIRED if self.currency is None else tuple(name for name in REQUIRED if name != "currency")
        for holds, chosen in Both.split(delivery, files, self.cost).items():
            scan = scan_files(self.name, chosen[0], chosen[1], self.delimiter, self.max_ratio)
            warnings += [
                f"columns names {name!r}, which the files do not have" for name in unused(self.columns, scan.types)
            ]
            lacking = missing(scan, COLUMNS, required, spelt)
            if lacking:
                raise SchemaMismatch(
                    f"{scan.where}: column {lacking} is missing; found {', '.join(scan.types)}; check `delimiter`; "
                    f'where headers are not English say which it is: columns = {{ "its name" = "{lacking}" }}'
                )
            columns = f"{as_texts(scan, COLUMNS, spelt)}, {hashes(scan)}"
            parts.append(f"select '{holds}' as holds, {columns} from {scan.sql}")  # noqa: S608 - quoted names
        con.execute(f"create or replace temp view azure_line as {' union all '.join(parts)}")
        for name in ("decimal", "date_format", "currency"):  # a view takes no parameters
            con.execute(f"set variable azure_{name} = $value", {"value": getattr(self, name)})
        row = fetch_row(con, load_sql("billing/azure_day_first")) if self.date_format is None else None
        if row:
            raise SchemaMismatch(
                f"{scan.where}: dates such as {row[0]} are of one month with the day first, and of several with the "
                'month first; say which it is: date_format = "%d/%m/%Y" or "%m/%d/%Y"'
            )
        for ours, theirs in (("list", ("list_cost", "list_unit_price")), ("contract", ("unit_price",))):
            has = any(scan.find(*COLUMNS[name], spelt=spelt) for name in theirs)
            con.execute(f"set variable azure_has_{ours} = {has}")
        con.execute(f"create or replace temp view focus_line as {load_sql('billing/azure')}")
        warnings += make_charge_line(con, describe(con, "focus_line", scan.where), owners)
        if len(parts) == 1:
            warnings.append(f"only the {self.cost} cost is exported: name the other with amortized_uri to have both")
        return warnings
