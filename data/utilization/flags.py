"""Load that was measured but should not be believed: see data/sql/build/utilization_flag.sql and raw_counter.sql."""

from datetime import date

import duckdb

from data.warehouse import fetch_row, load_sql, replace_window, run


def flag_load(con: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Replace `utilization_flag` by what is known at `as_of`; return how many flags there are.

    What is a counter throughout is nothing else besides.
    """
    parameters = {"as_of": as_of}
    run(con, f"create or replace temp table raw_counter as {load_sql('build/raw_counter')}", parameters)
    others = f"from ({load_sql('build/utilization_flag')}) anti join raw_counter using (service, metric, source)"
    replace_window(con, "utilization_flag", f"{others} union all by name from raw_counter", parameters)
    row = fetch_row(con, "select count(*) from utilization_flag")
    return int(row[0]) if row else 0
