"""What the configuration says of files of load: where they lie, how they are laid out and written.

Times with an offset or Z are taken as written; times without are in `timezone`, else UTC. The file's own columns are
named in `columns`; what the file does not hold is given by `service` and `metric`, or taken from its path by
`filename_pattern`. `series_pattern` takes names apart: those of the columns where each is a series, else those in the
column that `columns.series` names.
"""

from collections.abc import Container, Mapping
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from data.storage.aws import AwsAccess
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.utilization.files.numbers import NumberFormat, Unit
from data.utilization.patterns import named_groups

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


class DeclaredFiles(BaseModel):
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
    def _fits(self) -> Self:
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
