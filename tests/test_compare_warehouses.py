"""Two warehouses are equal where their rows are, whatever the order, and floats to the last bits."""

import duckdb
import pytest

from tests.compare_warehouses import differences


@pytest.fixture
def pair(tmp_path):
    def make(*statements: str):
        files = []
        for name in ("old", "new"):
            files.append(tmp_path / f"{name}.duckdb")
            with duckdb.connect(str(files[-1])) as con:
                con.execute("create table load (service varchar, value double)")
                con.execute("insert into load values ('web', 1.0), ('api', 2.0)")
                if name == "new":
                    for statement in statements:
                        con.execute(statement)
        return list(differences(*files))

    return make


def test_rows_in_another_order_and_last_bits_are_equal(pair):
    again = "insert into load values ('api', 2.0000000000000004), ('web', 1.0)"
    assert pair("delete from load", again) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update load set value = 2.001 where service = 'api'", "1 of 2 rows differ"),
        ("update load set service = 'app' where service = 'api'", "rows differ"),
        ("update load set value = null where service = 'api'", "1 of 2 rows differ"),
        ("insert into load values ('web', 1.0)", "2 rows, now 3"),
        ("drop table load", "only in the old one"),
    ],
)
def test_what_differs_is_named(pair, statement, words):
    assert words in "\n".join(pair(statement))
