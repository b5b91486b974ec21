"""The static site: every page of a published snapshot, written into a folder that can be served or just opened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from dashboards.charts.drawing import draw, draw_by_service, most_telling
from dashboards.pages import overview
from dashboards.pages.overview import ServiceRow
from dashboards.pages.pages import PAGES, PREPARED, SERVICE_PANELS, SERVICE_TABLES, Page
from dashboards.queries import by_service, load_sql, read_frame, read_rows, split
from dashboards.static import write_static
from dashboards.templating import Templates
from data.warehouse import run

CHUNK_SERVICES = 250  # so many services' series are in memory at once
FIRST_ROWS = 150  # rows of the table of services in the front page itself; the rest comes beside it
NEVER = date(1970, 1, 1)


@dataclass(frozen=True)
class _Night:
    """What every page is made of."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    templates: Templates
    parameters: Mapping[str, object]  # of the queries
    shared: Mapping[str, object]  # of the templates


def render_site(con: duckdb.DuckDBPyConnection, folder: Path, *, chunk_services: int = CHUNK_SERVICES) -> int:
    """Write every page of the snapshot that `con` has open into `folder`; return how many.

    `con` may be read-only: nothing but temporary tables are made in it. A snapshot without a night gives empty pages.
    """
    (folder / "services").mkdir(parents=True, exist_ok=True)
    templates = Templates(write_static(folder / "assets"))
    row = con.execute(load_sql("as_of")).fetchone()
    as_of: date | None = row[0] if row else None
    # The month that the last known day is in: on the first of a month that is the one before.
    month = ((as_of or NEVER) - timedelta(days=1)).replace(day=1)
    parameters = {"as_of": as_of or NEVER, "month": month}
    try:
        for name in PREPARED:
            run(con, f"create or replace temp table {name} as {load_sql(name)}", parameters)
        limits = read_rows(con, "service/limit", parameters)
        scores = read_rows(con, "index/accuracy", parameters)
        rows = overview.service_rows(
            read_rows(con, "services", parameters),
            limits=limits,
            months=read_rows(con, "index/service_month", parameters),
            unit_costs=read_rows(con, "index/unit_cost", parameters),
            scores=scores,
            as_of=as_of or NEVER,
        )
        company_months = read_rows(con, "index/month", parameters)
        shared = {
            "as_of": as_of,
            "month": month,
            "previous": (month - timedelta(days=1)).replace(day=1),
            "next": (month + timedelta(days=31)).replace(day=1),
            "quarter_end": (month.replace(month=(month.month + 2) // 3 * 3) + timedelta(days=31)).replace(day=1)
            - timedelta(days=1),
            "slugs": {row.name: row.slug for row in rows},
            "rows": rows,
            "first_rows": FIRST_ROWS,
            "limits": limits,
            "reached": overview.limits_reached(limits, as_of or NEVER),
            "passed": overview.passed_now(limits),
            "accuracy": overview.accuracy_summary(scores),
            "currencies": overview.currencies(company_months, month),
            "settled": {row["currency"]: row["settled_until"] for row in company_months},
        }
        night = _Night(con, folder, templates, parameters, shared)
        for page in PAGES:
            _write_page(night, page)
        _write_later_rows(night, rows[FIRST_ROWS:])
        # By name, as the tables are stored: each chunk's queries skip what is of other services.
        by_name = sorted(rows, key=lambda row: row.name)
        for start in range(0, len(by_name), chunk_services):
            _write_services(night, by_name[start : start + chunk_services])
    finally:
        for name in PREPARED:
            con.execute(f"drop table if exists temp.{name}")
    return len(PAGES) + len(rows)


def _write_page(night: _Night, page: Page) -> None:
    tables = {name: read_rows(night.con, name, night.parameters) for name in page.tables}
    drawings = {
        panel.section: [
            draw(panel, keys, part)
            for keys, part in split(read_frame(night.con, panel.query, night.parameters), *panel.cuts)
        ]
        for panel in page.panels
    }
    text = night.templates.page(
        page.template, title=page.title, root="", tables=tables, drawings=drawings, **night.shared
    )
    (night.folder / page.file).write_text(text, encoding="utf-8")


def _write_later_rows(night: _Night, rows: list[ServiceRow]) -> None:
    """Write the rows that would make the front page heavy into a script: pages opened as files cannot fetch data."""
    later = [night.templates.row(row, night.shared["as_of"]) for row in rows]
    if later:
        script = f"plimsollRows({json.dumps(later)});\n"
        (night.folder / "assets" / "rows.js").write_text(script, encoding="utf-8")


def _write_services(night: _Night, rows: list[ServiceRow]) -> None:
    parameters = {**night.parameters, "services": [row.name for row in rows]}
    tables = {name: by_service(read_rows(night.con, name, parameters)) for name in SERVICE_TABLES}
    parts = {panel: draw_by_service(read_frame(night.con, panel.query, parameters), panel) for panel in SERVICE_PANELS}
    shared = {name: night.shared[name] for name in ("as_of", "month", "settled")}
    for row in rows:
        drawings = {
            panel.section: [draw(panel, keys[1:], part) for keys, part in most_telling(parts[panel], row)]
            for panel in SERVICE_PANELS
        }
        its_tables = {name: table.get(row.name, []) for name, table in tables.items()}
        text = night.templates.page(
            "service.html", title=row.name, root="../", row=row, tables=its_tables, drawings=drawings, **shared
        )
        (night.folder / "services" / f"{row.slug}.html").write_text(text, encoding="utf-8")
