"""A warehouse of every older version becomes what a new one is, and keeps its rows."""

import pytest

from data.warehouse import MIGRATIONS, SQL, migrate, open_warehouse
from tests.data.older import SCHEMAS, make_warehouse, rows

OBJECTS = {
    "tables": "select table_name, comment from duckdb_tables() where not internal",
    "views": "select view_name, comment, sql from duckdb_views() where not internal",
    "columns": "select table_name, column_name, column_index, data_type, is_nullable, column_default, comment "
    "from duckdb_columns() where not internal and table_name in (select table_name from duckdb_tables())",
    "constraints": "select table_name, constraint_type, constraint_column_names from duckdb_constraints()",
}


@pytest.mark.parametrize("version", sorted(int(file.stem) for file in SCHEMAS.glob("*.sql")))
def test_a_warehouse_of_an_older_version_becomes_what_a_new_one_is_and_keeps_its_rows(con, tmp_path, version):
    before = make_warehouse(tmp_path / "old.duckdb", version)
    with open_warehouse(tmp_path / "old.duckdb") as old:
        migrate(old)
    with open_warehouse(tmp_path / "old.duckdb") as old:  # as `con` is: a view's text is another once it was stored
        for name, query in OBJECTS.items():
            assert old.execute(f"{query} order by all").fetchall() == con.execute(f"{query} order by all").fetchall(), (
                name
            )
        for table, kept in before.items():
            assert [{column: row[column] for column in kept} for row in rows(old, table)] == [kept], table


def test_every_version_that_was_released_has_its_schema_among_the_tests():
    steps = sorted(int(file.name[:4]) for file in MIGRATIONS.glob("*.sql"))
    assert [int(file.stem) for file in sorted(SCHEMAS.glob("*.sql"))] == [step - 1 for step in steps]


def test_views_are_made_anew_whatever_the_version(con):
    con.execute("create or replace view current_headroom as select 1 as nonsense")
    con.execute("create view given_up as select 1 as nonsense")
    migrate(con)
    views = dict(con.execute("select view_name, sql from duckdb_views() where not internal").fetchall())
    assert "given_up" not in views
    assert "nonsense" not in views["current_headroom"]
    assert sum(file.read_text().count("create view ") for file in (SQL / "views").glob("*.sql")) == len(views)


def test_every_column_of_every_table_and_view_says_what_it_holds(con):
    silent = con.execute(
        "select table_name || '.' || column_name from duckdb_columns() "
        "where not internal and comment is null and table_name <> 'schema_version' order by all"
    ).fetchall()
    assert [name for (name,) in silent] == []


def test_a_view_of_the_newest_night_says_of_a_column_what_its_table_says(con):
    found = dict(
        con.execute(
            "select table_name, comment from duckdb_columns() where column_name = 'act_by' "
            "and table_name in ('headroom', 'current_headroom')"
        ).fetchall()
    )
    assert found["current_headroom"] == found["headroom"]
    assert found["headroom"]
