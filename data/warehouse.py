"""The DuckDB file that the night writes: open it, bring its schema forward, replace one window of one table."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from data.damage import check_schema, explain_damage
from data.errors import WarehouseError
from data.window import Window

SQL = Path(__file__).parent / "sql"
MIGRATIONS = SQL / "migrations"
SUBJECTS = (
    "catalog",
    "load",
    "cost",
    "forecast",
    "decision",
    "unit_cost",
    "anomaly",
    "commitment",
    "risk",
    "run",
)  # views stand on those of earlier ones
MEMORY = "2GiB"  # of the database, beside the fits' own: what does not fit goes to disk
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


def load_sql(name: str) -> str:
    """Return the text of `data/sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def open_warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for reading and writing, made or migrated to the current schema.

    Connections of one process share the file; a second process is refused.
    Raises NightRunning where another process has it, WarehouseError where it is not a database or is damaged, DiskFull
    where the block finds no room.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path))
    except duckdb.Error as error:
        raise explain_damage(path, error) or WarehouseError(
            f"{path}: the warehouse cannot be opened: {first_line(error)}"
        ) from error
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set pandas_analyze_sample = 1_000_000_000")  # all rows: the widest amount is seldom in a sample
        yield con
    except duckdb.Error as error:
        if of_file := explain_damage(path, error):
            raise of_file from error
        raise
    finally:
        con.close()


def migrate(con: duckdb.DuckDBPyConnection, migrations: Path = MIGRATIONS) -> int:
    """Make the tables, or bring older ones forward, each step in its own transaction; return their version.

    `migrations/NNNN_*.sql` (from 0002) alter the tables of an older file to what they are in version NNNN; what is not
    there yet, and every comment, comes from `schema/`, for new files and old ones alike. The macros and `views/` are
    made anew each time.
    """
    version = _migrate_tables(con, migrations)
    with transaction(con):
        _drop_views(con)
        con.execute(load_sql("macros"))
        for statements in _by_subject("views"):
            con.execute(statements)
        _comment_views(con)
    return version


def _migrate_tables(con: duckdb.DuckDBPyConnection, migrations: Path) -> int:
    steps, newest = _steps(migrations), newest_schema(migrations)
    con.execute("create table if not exists schema_version (version integer not null)")
    row = fetch_row(con, "select max(version) from schema_version")
    present: int | None = row[0] if row else None
    if present is None:
        with transaction(con):
            _make_tables(con)
            con.execute("insert into schema_version values ($version)", {"version": newest})
        return newest
    check_schema(database_file(con), present, newest)
    for version in (step for step in sorted(steps) if step > present):
        with transaction(con):
            _drop_views(con)  # one may have the name of a table to come
            con.execute(steps[version].read_text(encoding="utf-8"))
            if version == newest:  # with the last step, so that a killed migration is done again
                _make_tables(con)
            con.execute("update schema_version set version = $version", {"version": version})
    return newest


def _make_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are missing, and write what every table and column holds."""
    for statements in _by_subject("schema"):
        con.execute(statements)


def _by_subject(kind: str) -> Iterator[str]:
    """Yield the statements of `schema/` or `views/`, subject by subject."""
    return (file.read_text(encoding="utf-8") for one in SUBJECTS if (file := SQL / kind / f"{one}.sql").exists())


def _comment_views(con: duckdb.DuckDBPyConnection) -> None:
    """Give columns of views that have no comment the one of the column of that name in what the view reads."""
    while inherited := con.execute(load_sql("state/inherited_comment")).fetchall():  # views read views
        for view, column, comment in inherited:
            con.execute(f"comment on column {identifier(view)}.{identifier(column)} is {literal(comment)}")


def _drop_views(con: duckdb.DuckDBPyConnection) -> None:
    views = con.execute(
        "select view_name from duckdb_views() "
        "where not internal and not temporary and database_name = current_database()"
    ).fetchall()
    for (view,) in views:
        con.execute(f"drop view {identifier(view)}")


def newest_schema(migrations: Path = MIGRATIONS) -> int:
    """Return the version of the schema that this program knows."""
    return max(_steps(migrations), default=1)


def database_file(con: duckdb.DuckDBPyConnection) -> str:
    """Return the path of the open warehouse."""
    query = "select coalesce(path, '') from duckdb_databases() where database_name = current_database()"
    return str(con.execute(query).fetchall()[0][0])


def _steps(migrations: Path) -> dict[int, Path]:
    return {int(file.name[:4]): file for file in sorted(migrations.glob("[0-9]*_*.sql"))}


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block does, or nothing of it."""
    con.execute("begin transaction")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def run(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyConnection:
    """Execute `query` with those of `parameters` that it names."""
    named = set(_PARAMETER.findall(query))
    return con.execute(query, {name: value for name, value in (parameters or {}).items() if name in named})


def fetch_row(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> tuple[Any, ...] | None:
    """Return the only row of `query`, or None: DuckDB 2 keeps a connection busy until a result is read to its end."""
    rows: list[tuple[Any, ...]] = run(con, query, parameters).fetchall()
    return rows[0] if rows else None


def replace_window(  # noqa: PLR0913 - what is replaced, by what, and where it ends are separate facts
    con: duckdb.DuckDBPyConnection,
    table: str,
    rows: str,
    parameters: Mapping[str, object] | None = None,
    *,
    keys: Mapping[str, object] | None = None,
    window: tuple[str, Window] | None = None,
) -> None:
    """Put the rows of the query `rows` in place of those that have `keys` and lie in `window`, in one transaction.

    `table` and the names in `keys` and `window` are constants of the code. Twice is the same as once.
    """
    conditions = [f"{column} = $key_{column}" for column in keys or {}]
    bounds: dict[str, object] = {f"key_{column}": value for column, value in (keys or {}).items()}
    if window:
        column, span = window
        conditions.append(f"{column} >= $window_start and {column} < $window_end")
        bounds |= {"window_start": span.start, "window_end": span.end}
    with transaction(con):
        run(con, f"delete from {table} where {' and '.join(conditions) or 'true'}", bounds)  # noqa: S608 - constants
        run(con, f"insert into {table} by name {rows}", parameters)


def first_line(error: BaseException) -> str:
    """Return an error's first line: DuckDB's messages go on with hints that don't fit one line."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def identifier(name: str) -> str:
    """Quote a column name that comes from a configuration, for statements that cannot take parameters."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text that comes from a configuration, for statements that cannot take parameters (create view)."""
    return "'" + text.replace("'", "''") + "'"
