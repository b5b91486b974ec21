"""A site of a team holds nothing of another team."""

import re
from pathlib import Path

import duckdb
import pytest

from dashboards.site import render_site
from dashboards.slugs import slug
from data.team import open_team, team_names
from data.warehouse import open_warehouse
from tests.dashboards.estate import make_estate
from tests.dashboards.test_findings import words

WORDS_OF_OURS = {"search", "media", "auth", "catalog", "content", "identity"}  # English words that pages say too
# Nobody's words by chance: every team and service has a name that is found nowhere else.
RENAMED = {name: f"zz{number}qq" for number, name in enumerate(sorted(WORDS_OF_OURS | {"checkout", "ads", "ranker"}))}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teams")
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con)
        tables = con.execute(
            "select table_name from duckdb_columns() where column_name = 'service' and not internal "
            "and table_name in (select table_name from duckdb_tables() where not temporary)"
        ).fetchall()
        for (table,) in tables:
            for name, other in RENAMED.items():
                con.execute(
                    f"update {table} set service = $other where service = $name", {"other": other, "name": name}
                )
        con.execute("update service set team = 'team of ' || service where team is not null")
        con.execute("update service set team = 'team of two' where service in ($a, $b)", {
            "a": RENAMED["checkout"], "b": RENAMED["search"]})  # fmt: skip
        con.execute("update anomaly_part set owner = service")
        con.execute("update unit_cost_change set service = 'team of two' where scope = 'team'")
        con.execute("update unit_cost_change set sentence = service || ' moved'")
        con.execute("update risk set owner = 'team of two', evidence = service || ' is at its limit'")
        con.execute(
            "insert into event values ('launch of another', '2026-11-01', '2026-11-02', $s)", {"s": RENAMED["ads"]}
        )
    return folder / "plimsoll.duckdb"


@pytest.fixture(scope="module")
def site(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team-site")
    with open_team(snapshot, "team of two") as con:
        render_site(con, folder, team="team of two")
    return folder


def test_nothing_of_another_team_is_in_it(site: Path, snapshot: Path):
    with duckdb.connect(str(snapshot), read_only=True) as con:
        others = [
            name
            for row in con.execute(
                "select service, team from service where team is distinct from 'team of two'"
            ).fetchall()
            for name in row
            if name
        ]
    ours = [file for file in site.rglob("*") if file.is_file() and "vendor" not in file.parts]
    text = "\n".join(f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in ours)
    distinctive = [name for name in others if len(name) > 3]
    assert len(distinctive) > 10
    assert [name for name in distinctive if name in text or slug(name) in text] == []
    assert "launch of another" not in text


def test_its_own_services_are_whole(site: Path, snapshot: Path):
    assert {file.stem for file in (site / "services").glob("*.html")} == {RENAMED["checkout"], RENAMED["search"]}
    assert [file.stem for file in (site / "teams").glob("*.html")] == [slug("team of two")]
    with duckdb.connect(str(snapshot), read_only=True) as con:
        render_site(con, site.parent / "whole")
    for service in (RENAMED["checkout"], RENAMED["search"]):
        own, whole = (
            re.sub(r"team of two", "", words(folder / "services" / f"{service}.html").split("Load", 1)[1])
            for folder in (site, site.parent / "whole")
        )
        assert own == whole


def test_what_is_the_companys_is_left_out(snapshot: Path):
    with open_team(snapshot, "team of two") as con:
        for table in ("billing_load", "check_result", "input_issue", "source_state", "commitment_option"):
            assert con.execute(f"select count(*) from {table}").fetchall() == [(0,)], table
        assert con.execute("select count(*) from cost_service_day where service = '(unallocated)'").fetchall() == [(0,)]


def test_every_team_of_the_catalog_is_named_once(snapshot: Path):
    with duckdb.connect(str(snapshot), read_only=True) as con:
        names = team_names(con)
    assert names == sorted(set(names))
    assert "team of two" in names


def test_a_team_that_nobody_is_in_has_empty_pages(snapshot: Path, tmp_path: Path):
    with open_team(snapshot, "nobody's") as con:
        render_site(con, tmp_path, team="nobody's")
    assert "no bill is loaded" in words(tmp_path / "index.html")
    assert list((tmp_path / "services").glob("*.html")) == []
