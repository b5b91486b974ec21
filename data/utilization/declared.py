"""What the configuration declares of the shape of metrics, and how metrics add up that only the files name."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import duckdb

from data.warehouse import load_sql, replace_window


class Declares(Protocol):
    """A source that may say what its metrics are."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def shapes(self) -> Mapping[str, str]:
        """Return the declared shape of each metric; `(all)` of every one."""
        ...


def store_shapes(con: duckdb.DuckDBPyConnection, sources: Iterable[Declares]) -> None:
    """Replace `metric_shape` by what the configuration says now."""
    rows = [(source.name, metric, shape) for source in sources for metric, shape in source.shapes.items()]
    con.execute("create or replace temp table declared_shape (source varchar, metric varchar, shape varchar)")
    if rows:
        con.executemany("insert into declared_shape values (?, ?, ?)", rows)
    replace_window(con, "metric_shape", "from declared_shape")


def add_counted_metrics(con: duckdb.DuckDBPyConnection) -> None:
    """Say of metrics of sources whose every metric is a counter or a rate that they are counted."""
    con.execute(load_sql("utilization/metric_counted"))
