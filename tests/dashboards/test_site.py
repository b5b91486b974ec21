"""The site as a whole."""

from pathlib import Path

import duckdb

from dashboards.site import render_site
from data.warehouse import migrate, open_warehouse


def test_every_service_has_a_page(site: Path, con: duckdb.DuckDBPyConnection):
    services = con.execute("select service from service union select service from cost_service_day").fetchall()
    assert len(list((site / "services").glob("*.html"))) == len(services)


def test_a_snapshot_without_a_night_gives_empty_pages(tmp_path: Path):
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        migrate(con)
        assert render_site(con, tmp_path / "site") == 3
    assert "No night has run yet" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
