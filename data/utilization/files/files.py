"""Load from files: csv, csv.gz and parquet, in a folder or a bucket; one sample a row, or a column a series.

Times with an offset or Z are taken as written; times without are in `timezone`, else UTC. The file's own columns are
named in `columns`; what the file does not hold is given by `service` and `metric`, or taken from its path by
`filename_pattern`. `series_pattern` takes names apart: those of the columns where each is a series, else those in the
column that `columns.series` names. A night reads the files that changed since they were last read; of counters, which
rise from one file to the next, all of them.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import duckdb
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from data.errors import NoData
from data.storage.aws import AwsAccess
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.locate import Located, below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.utilization.files.numbers import NumberFormat, Unit
from data.utilization.files.view import make_view
from data.utilization.judge import judge
from data.utilization.part import LoadReading, Part
from data.utilization.patterns import named_groups
from data.warehouse import load_sql, run

ENDINGS = (".csv", ".csv.gz", ".parquet")
PROBED_ROWS = 1000
EVERY_METRIC = "(all)"
Shape = Literal["gauge", "counter", "rate"]


class Columns(BaseModel):
    """The file's names for our columns; a name that is not in the file must be given otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = "service"
    metric: str = "metric"
    timestamp: str = "timestamp"
    value: str = "value"
    limit: str | None = None  # what the service can carry of the metric at that time
    time_of_day: str | None = None  # where `timestamp` holds the date alone
    series: str | None = None  # what tells the counters or rates of one service apart, or what series_pattern reads


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
    series_pattern: str | None = None  # the same groups, matched in columns' names, or in the texts of columns.series
    names_row: str | None = None  # the row under the header that names the series, by what it has in the times' column
    time_format: str | tuple[str, ...] | None = None  # of strptime, where a time could be read in several ways
    number_format: NumberFormat | None = None  # how 1234.5 is written
    unit: Unit | None = None  # in which values with a unit are stored; else seconds, bytes, bits, counts and percent
    shape: Shape | Mapping[str, Shape] | None = None  # of every metric, or by metric; a gauge where nothing is said
    step_s: Annotated[float, Field(gt=0, le=3600)] | None = (
        None  # between samples of a rate; else learnt from each file
    )
    timezone: str | None = None  # of times without an offset, e.g. Europe/Berlin
    is_offset_ignored: bool = False  # true where local times are marked Z though they are in `timezone`
    aws: AwsAccess = AwsAccess()
    max_ratio: MaxRatio = MAX_RATIO

    @field_validator("filename_pattern", "series_pattern")
    @classmethod
    def _names_a_group(cls, pattern: str | None) -> str | None:
        if pattern is not None and not named_groups(pattern) & {"service", "metric"}:
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

    @model_validator(mode="after")
    def _fits(self) -> "Files":
        if self.names_row and not self.is_wide:
            raise ValueError("names_row needs a series_pattern, and no columns.series")
        if self.is_wide and self.columns.limit:
            raise ValueError("columns.limit needs a row a sample; load the limits from a file of their own")
        return self

    @property
    def is_wide(self) -> bool:
        """Return whether each column is a series."""
        return self.series_pattern is not None and self.columns.series is None

    @property
    def time_formats(self) -> tuple[str, ...]:
        """Return the formats of times, the first that fits holds."""
        return (self.time_format,) if isinstance(self.time_format, str) else self.time_format or ()

    @property
    def shapes(self) -> dict[str, Shape]:
        """Return what is declared of the shape of each metric; `(all)` of every one."""
        if isinstance(self.shape, str):
            return {self.metric or EVERY_METRIC: self.shape}
        return dict(self.shape or {})

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return how the metrics whose shape is declared add up."""
        return {
            metric: "gauge" if shape == "gauge" else "count"
            for metric, shape in self.shapes.items()
            if metric != EVERY_METRIC
        }

    def label_columns(self, columns: Container[str]) -> tuple[str, ...]:
        """Return which columns of a wide file say the service or the metric that its columns' names do not."""
        groups = named_groups(self.series_pattern or "")
        names = (("service", self.service, self.columns.service), ("metric", self.metric, self.columns.metric))
        return tuple(
            theirs for ours, given, theirs in names if given is None and ours not in groups and theirs in columns
        )

    def shape_of(self, metric: str) -> Shape:
        """Return the shape of a metric: a gauge where nothing is said."""
        if isinstance(self.shape, str):
            return self.shape
        return (self.shape or {}).get(metric, "gauge")

    def located(self, root: Path) -> "Files":
        """Return the same with its path below `root`."""
        return self.model_copy(update={"path": below(root, self.path)})

    def probe(self, reading: LoadReading) -> str:
        """Return what is there to read, of the newest file what its first rows say.

        Raises InputError where it cannot be reached, is not what was declared, or where most rows cannot be used.
        """
        located, entries = self._found(reading.cache)
        newest = max(entries, key=lambda entry: (entry.tag, entry.key))
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            con.execute("set variable window_end = $window_end", {"window_end": reading.window.end})
            make_view(con, self, located, [newest], "raw_sample", most=PROBED_ROWS)
            con.execute(load_sql("utilization/classified"))
            rows = judge(con, self.name, load_sql("utilization/probed"))
        return f"{len(entries)} files in {located.folder.where} can be read; {rows.told()} of {newest.key}"

    def read(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> None:
        """Make the temporary view `raw_sample` of every file there is, as `part.Part` describes it.

        Raises NoData where no file is there, SchemaMismatch where a column is missing, BrokenDelivery where a file
        cannot be read at all.
        """
        located, entries = self._found(reading.cache)
        con.execute("set variable window_end = $window_end", {"window_end": reading.window.end})
        make_view(con, self, located, entries, "raw_sample")

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
        if "counter" in self.shapes.values():
            changed = entries
        warnings = make_view(con, self, located, changed, "raw_sample")

        def remember(con: duckdb.DuckDBPyConnection) -> None:
            read = load_sql("utilization/file_read")
            run(con, load_sql("utilization/file_replace"), parameters)
            run(con, f"insert into utilization_file by name {read}", parameters)

        def add_context(con: duckdb.DuckDBPyConnection, first: datetime, last: datetime) -> bool:
            hours = {"first_hour": first, "last_hour": last}
            near = self._among(con, entries, "file_near", parameters | hours)
            if near:
                make_view(con, self, located, near, "raw_context")
            return bool(near)

        yield Part(
            name=f"{len(changed)} of {len(entries)} files",
            labels=tuple(entry.key for entry in changed),
            remember=remember,
            add_context=add_context,
            limits=load_sql("utilization/file_limit") if self.columns.limit else None,
            warnings=warnings,
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


def _list_files(con: duckdb.DuckDBPyConnection, located: Located, entries: Sequence[Entry]) -> None:
    """Make the temporary table `file_listed`: what there is, as its folder says it."""
    rows = [(f"{located.folder.where}/{entry.key}", entry.key, entry.size, entry.tag) for entry in entries]
    columns = "path varchar, label varchar, size_bytes bigint, modified varchar"
    con.execute(f"create or replace temp table file_listed ({columns})")
    con.executemany("insert into file_listed values (?, ?, ?, ?)", rows)
