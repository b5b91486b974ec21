"""Load from files: csv, csv.gz and parquet in long form, one sample a row.

Times with an offset or Z are taken as written; times without are UTC. The file's own columns are named in `columns`;
what the file does not hold is given by `service` and `metric`, or taken from its name by `filename_pattern`.
"""

import re
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, field_validator

from data.errors import BrokenDelivery, NoData, SchemaMismatch
from data.warehouse import first_line, identifier, literal
from data.window import Window

READERS = {
    ".csv": "read_csv({files}, all_varchar = true, header = true, union_by_name = true, filename = true, "
    "null_padding = true, strict_mode = false)",
    ".parquet": "read_parquet({files}, union_by_name = true, filename = true)",
}


class Columns(BaseModel):
    """The file's names for our columns; a name that is not in the file must be given otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = "service"
    metric: str = "metric"
    timestamp: str = "timestamp"
    value: str = "value"


class Files(BaseModel):
    """Files of one layout: `path` is a file, a folder, or a pattern such as `load/*.csv.gz`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["files"]
    name: str
    path: Path
    columns: Columns = Columns()
    service: str | None = None
    metric: str | None = None
    filename_pattern: str | None = None  # named groups `service` and `metric`, matched in the name without its ending

    @field_validator("filename_pattern")
    @classmethod
    def _names_a_group(cls, pattern: str | None) -> str | None:
        if pattern is not None and not set(re.compile(pattern).groupindex) & {"service", "metric"}:
            raise ValueError("needs a named group, (?P<service>...) or (?P<metric>...)")
        return pattern

    def located(self, root: Path) -> "Files":
        """Return the same with its path below `root`."""
        return self.model_copy(update={"path": root / self.path})

    def read(self, con: duckdb.DuckDBPyConnection, window: Window) -> None:  # noqa: ARG002 - files are read whole
        """Make the temporary view `raw_sample`: file, service, metric, stamp_text, stamp, value_text, value.

        Raises NoData where no file is there, SchemaMismatch where a column is missing, BrokenDelivery where a file
        cannot be read at all.
        """
        parts = [
            self._select(con, files, reader)
            for suffix, reader in READERS.items()
            if (files := [file for file in self._found() if suffix in file.suffixes])
        ]
        if not parts:
            raise NoData(f"{self.name}: {self.path}: no csv, csv.gz or parquet file is there; check `path`")
        con.execute(f"create or replace temp view raw_sample as {' union all by name '.join(parts)}")

    def _found(self) -> list[Path]:
        if self.path.is_dir():
            return sorted(file for file in self.path.iterdir() if file.is_file())
        return sorted(Path(self.path.anchor).glob(str(self.path.relative_to(self.path.anchor))))

    def _select(self, con: duckdb.DuckDBPyConnection, files: list[Path], reader: str) -> str:
        listing = "[" + ", ".join(literal(str(file)) for file in files) + "]"
        scan = reader.format(files=listing)
        try:
            described = con.execute(f"describe from {scan}").fetchall()
        except duckdb.Error as error:
            raise BrokenDelivery(
                f"{self.name}: {files[0]}{' and others' if files[1:] else ''}: {first_line(error)}; "
                "replace the file or take it away"
            ) from error
        types = {row[0]: row[1] for row in described}
        stamp = self._column("timestamp", types, files)
        value = self._column("value", types, files)
        return f"""
            select parse_filename(filename) as file,
                {self._label("service", types, files)} as service,
                {self._label("metric", types, files)} as metric,
                {stamp}::varchar as stamp_text,
                {_stamp_utc(stamp, types[getattr(self.columns, "timestamp")])} as stamp,
                {value}::varchar as value_text,
                try_cast({value} as double) as value
            from {scan}"""  # noqa: S608, B009 - names and texts are quoted

    def _label(self, ours: Literal["service", "metric"], types: dict[str, str], files: list[Path]) -> str:
        constant: str | None = getattr(self, ours)
        if constant is not None:
            return literal(constant)
        if self.filename_pattern and ours in re.compile(self.filename_pattern).groupindex:
            group = re.compile(self.filename_pattern).groupindex[ours]
            unnamed = re.sub(r"\(\?P<\w+>", "(", self.filename_pattern)
            stem = "regexp_replace(parse_filename(filename), '(\\.csv|\\.gz|\\.parquet)+$', '')"
            return f"nullif(regexp_extract({stem}, {literal(unnamed)}, {group}), '')"
        return f"nullif(trim({self._column(ours, types, files)}::varchar), '')"

    def _column(
        self, ours: Literal["service", "metric", "timestamp", "value"], types: dict[str, str], files: list[Path]
    ) -> str:
        theirs: str = getattr(self.columns, ours)
        if theirs not in types:
            raise SchemaMismatch(
                f"{self.name}: {files[0]}: column {theirs!r} is missing; found {', '.join(types)}; "
                f'set columns.{ours} = "..."' + ("" if ours in {"timestamp", "value"} else f' or {ours} = "..."')
            )
        return identifier(theirs)


def _stamp_utc(column: str, column_type: str) -> str:
    """Return an expression for a time as a naive timestamp in UTC; null where it cannot be read."""
    if column_type.startswith("TIMESTAMP") and "TIME ZONE" not in column_type:
        return f"{column}::timestamp"
    return f"try_cast({column} as timestamptz) at time zone 'UTC'"
