"""The static site: every page of a published snapshot, written into a folder that can be served or just opened."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from dashboards.charts.drawing import draw, script_json
from dashboards.each import Each, write_each
from dashboards.page import Night, Page
from dashboards.pages import EACH, PAGES
from dashboards.pages.estate import ServiceRow, service_rows
from dashboards.pages.team import team_rows
from dashboards.queries import SQL, load_sql, read_frame, read_rows, runnable, split
from dashboards.sheet import Sheet
from dashboards.static import write_static
from dashboards.templating import Templates
from dashboards.writer import Writer
from data.pool import processes
from data.warehouse import literal, run

CHUNK = 400  # so many services' series are in memory at once
PARTS = 3  # of the pages, for each process
FEW_PAGES = 400  # from here on other processes are worth their start
# Tables that several queries read, made once: views of the snapshot would be computed anew for every chunk of services.
PREPARED = ("month_status", "load_gap", "dated_limit")


@dataclass(frozen=True)
class _Job:
    """What a process needs to write some pages of its own."""

    database: str
    prepared: Path  # folder: a parquet file each of PREPARED
    folder: Path
    previous: Path | None
    static: Mapping[str, str]
    night: Mapping[str, Any]  # of Night, but its connection


def render_site(  # noqa: PLR0913 - what differs from site to site
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    chunk: int = CHUNK,
    previous: Path | None = None,
    processes: int | None = None,
    team: str | None = None,
) -> int:
    """Write every page of the snapshot that `con` has open into `folder`; return how many.

    `con` may be read-only: nothing but temporary tables are made in it; only then can other processes (`processes`:
    one a processor where None) help. Files that are as those of `previous`, the site before, are linked, not written.
    `team` is whose site it is, where `con` holds one team's part.
    A snapshot without a night gives empty pages.
    """
    writer = Writer(folder, previous)
    static = write_static(writer)
    bare = _bare(con)
    with _prepared(con, bare.parameters):
        rows = service_rows(bare)
        teams = team_rows(rows)
        known = _known(bare, rows, team)
        night = Night(con, **known)
        templates = _templates(night, static)
        count = processes or os.cpu_count() or 1
        database = _read_only_file(con)
        is_shared = bool(database) and count > 1 and len(rows) > FEW_PAGES
        if is_shared:  # several parts a process, so that none waits for another
            chunk = min(chunk, -(-len(rows) // (PARTS * count)))
        chunks: list[tuple[Each, list[Any]]] = []
        every: tuple[Sequence[Any], ...] = (rows, teams)
        for kind, things in zip(EACH, every, strict=True):
            # By name, as the tables are stored: each chunk's queries skip what is of other services.
            by_name = sorted(things, key=lambda thing: thing.name)
            chunks += [(kind, by_name[start : start + chunk]) for start in range(0, len(by_name), chunk)]
        if is_shared:
            with TemporaryDirectory(prefix="plimsoll-") as aside:
                _lend(con, Path(aside))
                job = _Job(database, Path(aside), folder, previous, static, known)
                with _writing_in_processes(job, chunks, count):
                    _write_pages(night, templates, writer)
        else:
            _write_pages(night, templates, writer)
            for kind, things in chunks:
                write_each(kind, things, night, templates, writer)
    return len(PAGES) + len(rows) + len(teams)


def render_page(con: duckdb.DuckDBPyConnection, folder: Path, file: str, *, asked: date) -> Path:
    """Write one page alone, of the month that starts on `asked`, with what it needs beside it; return its path."""
    writer = Writer(folder)
    static = write_static(writer)
    bare = _bare(con)
    with _prepared(con, bare.parameters):
        night = Night(con, **_known(bare, service_rows(bare), None), asked=asked)
        (page,) = [page for page in PAGES if page.file == file]
        _write_page(page, night, _templates(night, static), writer)
    return folder / file


def _bare(con: duckdb.DuckDBPyConnection) -> Night:
    """Return the night before anything is read of it but its moment."""
    ((as_of,),) = con.execute(load_sql("as_of")).fetchall()
    return Night(con, as_of, {}, {}, {}, {})


def _known(bare: Night, rows: Sequence[ServiceRow], team: str | None) -> dict[str, Any]:
    """Return what every page may ask of the night, but its connection."""
    settled = {str(row["currency"]): row for row in read_rows(bare.con, "settled", bare.parameters)}
    return {
        "as_of": bare.as_of,
        "slugs": {row.name: row.slug for row in rows},
        "teams": {team.name: team.slug for team in team_rows(rows)},
        "team": team,
        "settled": {currency: row["until"] for currency, row in settled.items() if row["until"]},
        "newest_day": {currency: row["newest"] for currency, row in settled.items()},
    }


def _write_pages(night: Night, templates: Templates, writer: Writer) -> None:
    """Write the pages that there is one of, and the queries behind all."""
    for page in PAGES:
        _write_page(page, night, templates, writer)
    writer.put("assets/sql.js", _queries(night))


def _write_page(page: Page, night: Night, templates: Templates, writer: Writer) -> None:
    links = {"services": night.slugs, "teams": night.teams}
    sheets = {
        table.query: Sheet(table, read_rows(night.con, table.query, night.parameters), links, "")
        for table in page.tables
    }
    drawings = {
        panel.section: [
            draw(panel, place, keys, part)
            for place, (keys, part) in enumerate(
                split(read_frame(night.con, panel.query, night.parameters), *panel.cuts), 1
            )
        ]
        for panel in page.panels
    }
    name = page.file.removesuffix(".html")
    context = page.context(night)
    text = templates.page(
        page.template,
        title=page.title,
        question=page.question,
        here=page.file,
        root="",
        subject=None,
        figures=name if any(drawings.values()) else "",
        sheets=sheets,
        drawings=drawings,
        **context,
    )
    writer.put(page.file, text)
    templates.write_figures(writer, name, drawings)
    for file, later in page.beside(context, templates.page):
        writer.put(file, later)


def _templates(night: Night, static: Mapping[str, str]) -> Templates:
    pages = [(page.file, page.title) for page in PAGES]
    return Templates({"night": night, "as_of": night.as_of, "month": night.month, "static": static, "pages": pages})


def _queries(night: Night) -> str:
    """Return every query as `plimsoll sql` runs it, for the pages to show."""
    names = sorted(file.relative_to(SQL).with_suffix("").as_posix() for file in SQL.glob("*/*.sql"))
    return f"plimsollQueries({script_json({name: runnable(name, night.parameters, PREPARED) for name in names})});\n"


@contextmanager
def _prepared(con: duckdb.DuckDBPyConnection, parameters: Mapping[str, object]) -> Iterator[None]:
    try:
        _prepare(con, parameters)
        yield
    finally:
        for name in PREPARED:
            con.execute(f"drop table if exists temp.{name}")


def _prepare(con: duckdb.DuckDBPyConnection, parameters: Mapping[str, object]) -> None:
    for name in PREPARED:
        run(con, f"create or replace temp table {name} as {load_sql(name)}", parameters)


def _lend(con: duckdb.DuckDBPyConnection, aside: Path) -> None:
    """Write the prepared tables out for other processes: seconds of work each would do again."""
    for name in PREPARED:
        con.execute(f"copy temp.{name} to {literal(str(aside / name))} (format parquet)")


def _borrow(con: duckdb.DuckDBPyConnection, aside: Path) -> None:
    for name in PREPARED:
        con.execute(f"create temp table {name} as from read_parquet({literal(str(aside / name))})")


def _read_only_file(con: duckdb.DuckDBPyConnection) -> str:
    """Return the file of the snapshot where other processes may open it too; nothing where they may not."""
    rows = con.execute(
        "select path from duckdb_databases() where database_name = current_database() and readonly"
    ).fetchall()
    return str(rows[0][0]) if rows and rows[0][0] else ""


@contextmanager
def _writing_in_processes(job: _Job, chunks: Sequence[tuple[Each, list[Any]]], count: int) -> Iterator[None]:
    """Have other processes write pages while the block does other work; at its end all are written."""
    with processes(count, _start, (job,)) as pool:
        pending = [pool.submit(_write_chunk, EACH.index(kind), things) for kind, things in chunks]
        yield
        for done in pending:
            done.result()


_HERE: list[tuple[Night, Templates, Writer]] = []  # of a helping process, which does nothing else


def _start(job: _Job) -> None:
    con = duckdb.connect(job.database, read_only=True, config={"threads": 1})
    con.execute("set enable_progress_bar = false")
    night = Night(con, **job.night)
    _borrow(con, job.prepared)
    _HERE.append((night, _templates(night, job.static), Writer(job.folder, job.previous)))


def _write_chunk(kind: int, things: list[Any]) -> None:
    night, templates, writer = _HERE[0]
    write_each(EACH[kind], things, night, templates, writer)
