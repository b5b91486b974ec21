"""How the site is written: by several processes as by one, and nothing twice that is as it was."""

from pathlib import Path

import duckdb
import pytest

from dashboards import site as site_module
from dashboards.site import render_site


def test_several_processes_write_the_same_bytes(
    snapshot: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(site_module, "FEW_PAGES", 0)
    with duckdb.connect(str(snapshot), read_only=True) as con:
        render_site(con, tmp_path, chunk=9, processes=2)
    files = [file.relative_to(site) for file in site.rglob("*") if file.is_file()]
    assert {file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()} == set(files)
    for file in files:
        assert (tmp_path / file).read_bytes() == (site / file).read_bytes(), file


def test_a_file_that_is_as_in_the_site_before_is_linked_and_another_is_not(snapshot: Path, site: Path, tmp_path: Path):
    before, after = tmp_path / "before", tmp_path / "after"
    with duckdb.connect(str(snapshot), read_only=True) as con:
        render_site(con, before)
        changed = before / "services" / "checkout.html"
        changed.write_text("another night", encoding="utf-8")
        render_site(con, after, previous=before)
    assert (after / "services" / "search.html").samefile(before / "services" / "search.html")
    assert (after / "assets" / "plimsoll.css").samefile(before / "assets" / "plimsoll.css")
    assert not (after / "services" / "checkout.html").samefile(changed)
    assert (after / "services" / "checkout.html").read_bytes() == (site / "services" / "checkout.html").read_bytes()
    assert changed.read_text(encoding="utf-8") == "another night"
