"""Load from files: csv, csv.gz and parquet, in a folder or a bucket; one sample a row, or a column a series.

A night reads the files that changed since they were last read; of counters, which rise from one file to the next, all
of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import duckdb

from data.errors import NoData
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.locate import Located, below, locate
from data.utilization.files.declared import DeclaredFiles
from data.utilization.files.view import make_view
from data.utilization.judge import judge
from data.utilization.part import LoadReading, Part
from data.warehouse import load_sql, run

ENDINGS = (".csv", ".csv.gz", ".parquet")
PROBED_ROWS = 1000


class Files(DeclaredFiles):
    """A source of load that reads files."""

    def located(self, root: Path) -> Self:
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
