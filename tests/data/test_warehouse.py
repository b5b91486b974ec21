import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.errors import WarehouseError
from data.warehouse import SQL, migrate, open_warehouse, replace_window, transaction
from data.window import Window


def test_every_table_has_its_grain_and_every_column_its_unit_in_a_comment(con):
    tables = con.execute(
        "select table_name, comment from duckdb_tables() where not internal and table_name <> 'schema_version'"
    ).fetchall()
    assert len(tables) > 10
    assert [name for name, comment in tables if "grain: " not in (comment or "")] == []
    columns = con.execute(
        "select table_name || '.' || column_name from duckdb_columns() join duckdb_tables() using (table_name) "
        "where not duckdb_tables.internal and table_name <> 'schema_version' and duckdb_columns.comment is null"
    ).fetchall()
    assert columns == []


HOUR = (
    "select 'a' as service, 'cpu' as metric, unnest($hours) as hour_utc, 1 as value_avg, 1 as value_max, "
    "1 as value_p95, 1 as value_sum, 1 as samples, $source as source"
)


def test_replacing_a_window_twice_is_the_same_as_once(con):
    window = Window(datetime(2026, 1, 1), datetime(2026, 1, 2))
    for hour in (datetime(2026, 1, 1, 5), datetime(2026, 1, 1, 6), datetime(2026, 1, 1, 6)):
        replace_window(con, "utilization_hour", HOUR, {"hours": [hour], "source": "s"}, window=("hour_utc", window))
    assert con.execute("select hour_utc from utilization_hour").fetchall() == [(datetime(2026, 1, 1, 6),)]


def test_replacing_a_window_leaves_its_end_and_other_keys_alone(con):
    first, last = datetime(2026, 1, 1), datetime(2026, 1, 2)
    replace_window(con, "utilization_hour", HOUR, {"hours": [first, last], "source": "s"}, keys={"source": "s"})
    replace_window(con, "utilization_hour", HOUR, {"hours": [first], "source": "other"}, keys={"source": "other"})
    nothing = "select * from utilization_hour where false"
    replace_window(con, "utilization_hour", nothing, keys={"source": "s"}, window=("hour_utc", Window(first, last)))
    left = con.execute("select source, hour_utc from utilization_hour order by all").fetchall()
    assert left == [("other", first), ("s", last)]


def test_a_replacement_that_fails_changes_nothing(con):
    good = "select date '2026-01-01' as as_of, 'c' as name, 'warn' as severity, 0 as rows"
    replace_window(con, "check_result", good, keys={"name": "c"})
    with pytest.raises(duckdb.Error):
        replace_window(con, "check_result", "select 'not a date' as as_of", keys={"name": "c"})
    assert con.execute("select as_of from check_result").fetchall() == [(date(2026, 1, 1),)]


def test_a_transaction_that_is_interrupted_is_rolled_back(con):
    with pytest.raises(KeyboardInterrupt), transaction(con):
        con.execute("insert into metric values ('cpu', 'gauge')")
        raise KeyboardInterrupt
    assert con.execute("select count(*) from metric").fetchall() == [(0,)]


def test_an_older_schema_is_brought_forward_step_by_step(con, tmp_path: Path):
    (tmp_path / "0002_colour.sql").write_text("alter table metric add column colour varchar", encoding="utf-8")
    (tmp_path / "0003_paint.sql").write_text("update metric set colour = 'blue'", encoding="utf-8")
    con.execute("update schema_version set version = 1")
    con.execute("insert into metric values ('cpu', 'gauge')")
    assert migrate(con, tmp_path) == 3
    assert con.execute("select metric, colour from metric").fetchall() == [("cpu", "blue")]
    assert migrate(con, tmp_path) == 3


def test_a_migration_that_fails_leaves_the_version_before_it(con, tmp_path: Path):
    (tmp_path / "0002_broken.sql").write_text(
        "alter table metric add column a varchar; select nonsense", encoding="utf-8"
    )
    con.execute("update schema_version set version = 1")
    with pytest.raises(duckdb.Error):
        migrate(con, tmp_path)
    assert con.execute("select version from schema_version").fetchall() == [(1,)]
    columns = con.execute("select column_name from duckdb_columns() where table_name = 'metric'").fetchall()
    assert columns == [("metric",), ("kind",)]


def test_a_warehouse_of_a_newer_version_is_refused(con):
    con.execute("update schema_version set version = 999")
    with pytest.raises(WarehouseError, match=r"version 999.*upgrade plimsoll"):
        migrate(con)


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path):
    path = tmp_path / "warehouse.duckdb"
    path.write_text("this is not a database" * 1000, encoding="utf-8")
    with pytest.raises(WarehouseError, match="is not a database"), open_warehouse(path):
        pass


def test_sql_files_take_no_values_from_outside_but_named_parameters():
    for file in SQL.rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\{\w*\}", text), f"{file}: takes $named parameters, not fields of a format"
        assert not re.search(r"\bbetween\s+[$']", text), f"{file}: windows are [start, end)"


def test_amounts_of_a_frame_are_as_wide_as_the_widest_of_them(tmp_path):
    frame = pd.DataFrame({"cost": [Decimal("0.000000000001")] * 3000})
    frame.loc[1501, "cost"] = Decimal("2878563.048800000000")
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        con.register("decided", frame)
        assert con.execute("select max(cost) from decided").fetchall() == [(Decimal("2878563.048800000000"),)]
