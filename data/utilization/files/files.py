"""Load from files: csv, csv.gz and parquet in long form, one sample a row, in a folder or a bucket.

Times with an offset or Z are taken as written; times without are in `timezone`, else UTC. The file's own columns are
named in `columns`; what the file does not hold is given by `service` and `metric`, or taken from its path by
`filename_pattern`. A night reads the files that changed since they were last read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import duckdb
from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator

from data.errors import NoData
from data.storage.aws import AwsAccess
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.locate import Located, below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio, check_unpacked
from data.utilization.files.scan import select_samples
from data.utilization.part import LoadReading, Part
from data.warehouse import load_sql, run

ENDINGS = (".csv", ".csv.gz", ".parquet")
_ENDING = re.compile(r"(\.csv|\.gz|\.parquet)+$")


class Columns(BaseModel):
    """The file's names for our columns; a name that is not in the file must be given otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = "service"
    metric: str = "metric"
    timestamp: str = "timestamp"
    value: str = "value"
    limit: str | None = None  # what the service can carry of the metric at that time


class Files(BaseModel):
    """Files of one layout: `path` is a file, a folder, or a pattern such as `load/2026-*/*.csv.gz`; local or s3://."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["files"]
    name: str
    path: Annotated[str, BeforeValidator(str)]
    columns: Columns = Columns()
    service: str | None = None
    metric: str | None = None
    filename_pattern: str | None = None  # named groups `service` and `metric`, matched in the path without its ending
    timezone: str | None = None  # of times without an offset, e.g. Europe/Berlin
    is_offset_ignored: bool = False  # true where local times are marked Z though they are in `timezone`
    aws: AwsAccess = AwsAccess()
    max_ratio: MaxRatio = MAX_RATIO

    @field_validator("filename_pattern")
    @classmethod
    def _names_a_group(cls, pattern: str | None) -> str | None:
        if pattern is not None and not set(re.compile(pattern).groupindex) & {"service", "metric"}:
            raise ValueError("needs a named group, (?P<service>...) or (?P<metric>...)")
        return pattern

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        try:
            ZoneInfo(name or "UTC")
        except (KeyError, ValueError) as error:
            raise ValueError("not a time zone; want a name such as Europe/Berlin") from error
        return name

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return nothing: files do not say how a metric adds up."""
        return {}

    def located(self, root: Path) -> "Files":
        """Return the same with its path below `root`."""
        return self.model_copy(update={"path": below(root, self.path)})

    def probe(self, reading: LoadReading) -> str:
        """Return what is there to read; raises InputError where it cannot be reached or is not what was declared."""
        located, entries = self._found(reading.cache)
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            self._make_view(con, located, entries[-1:], "raw_sample")
        return f"{len(entries)} files in {located.folder.where} can be read"

    def read(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> None:
        """Make the temporary view `raw_sample` of every file there is, as `part.Part` describes it.

        Raises NoData where no file is there, SchemaMismatch where a column is missing, BrokenDelivery where a file
        cannot be read at all.
        """
        located, entries = self._found(reading.cache)
        self._make_view(con, located, entries, "raw_sample")

    def parts(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> Iterator[Part]:
        """Yield the files that changed since they were last read, or that held rows behind the window of that time."""
        located, entries = self._found(reading.cache)
        question = fingerprint(self.model_dump_json(exclude={"aws", "max_ratio"}))
        parameters = {"source": self.name, "question": question, "known_until": reading.window.end}
        _list_files(con, located, entries)
        changed = self._among(con, entries, "file_changed", parameters)
        run(con, load_sql("utilization/file_forget"), parameters)
        run(con, load_sql("utilization/issue_forget"), parameters)
        if not changed:
            return
        self._make_view(con, located, changed, "raw_sample")

        def remember(con: duckdb.DuckDBPyConnection) -> None:
            read = load_sql("utilization/file_read")
            run(con, load_sql("utilization/file_replace"), parameters)
            run(con, f"insert into utilization_file by name {read}", parameters)

        def add_context(con: duckdb.DuckDBPyConnection, first: datetime, last: datetime) -> bool:
            hours = {"first_hour": first, "last_hour": last}
            near = self._among(con, entries, "file_near", parameters | hours)
            if near:
                self._make_view(con, located, near, "raw_context")
            return bool(near)

        yield Part(
            name=f"{len(changed)} of {len(entries)} files",
            labels=tuple(entry.key for entry in changed),
            remember=remember,
            add_context=add_context,
            limits=load_sql("utilization/file_limit") if self.columns.limit else None,
        )

    def _among(
        self, con: duckdb.DuckDBPyConnection, entries: Sequence[Entry], query: str, parameters: Mapping[str, object]
    ) -> list[Entry]:
        """Return the entries whose label the query names."""
        labels = {label for (label,) in run(con, load_sql(f"utilization/{query}"), parameters).fetchall()}
        return [entry for entry in entries if entry.key in labels]

    def _found(self, cache: Path) -> tuple[Located, list[Entry]]:
        located = locate(self.name, self.path, self.aws, cache)
        entries = located.files(ENDINGS)
        if not entries:
            raise NoData(f"{self.name}: {self.path}: no csv, csv.gz or parquet file is there; check `path`")
        return located, entries

    def _make_view(self, con: duckdb.DuckDBPyConnection, located: Located, entries: Sequence[Entry], view: str) -> None:
        """Make a temporary view of the samples of some of the files."""
        paths = located.folder.local(entries)
        for path, entry in zip(paths, entries, strict=True):
            check_unpacked(f"{self.name}: {entry.key}", path, self.max_ratio)
        facts = [(str(path), entry.key, *self._named(entry.key)) for path, entry in zip(paths, entries, strict=True)]
        columns = "path varchar, label varchar, service varchar, metric varchar"
        con.execute(f"create or replace temp table {view}_file ({columns})")
        con.executemany(f"insert into {view}_file values (?, ?, ?, ?)", facts)  # noqa: S608 - our own name
        con.execute(f"create or replace temp view {view} as {select_samples(con, self, paths, view)}")

    def _named(self, key: str) -> tuple[str | None, str | None]:
        """Return the service and the metric that a path says; None where it does not."""
        found = re.search(self.filename_pattern, _ENDING.sub("", key)) if self.filename_pattern else None
        groups = found.groupdict() if found else {}
        return groups.get("service"), groups.get("metric")


def _list_files(con: duckdb.DuckDBPyConnection, located: Located, entries: Sequence[Entry]) -> None:
    """Make the temporary table `file_listed`: what there is, as its folder says it."""
    rows = [(f"{located.folder.where}/{entry.key}", entry.key, entry.size, entry.tag) for entry in entries]
    columns = "path varchar, label varchar, size_bytes bigint, modified varchar"
    con.execute(f"create or replace temp table file_listed ({columns})")
    con.executemany("insert into file_listed values (?, ?, ?, ?)", rows)
