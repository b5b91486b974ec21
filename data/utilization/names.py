"""Services under the names of the catalog: its aliases, and its own names in any case, hold for load as for bills."""

import duckdb

from data.warehouse import load_sql, transaction


def respell_stored(con: duckdb.DuckDBPyConnection) -> int:
    """Put hours that are stored under another spelling under the catalog's; return how many names those were."""
    con.execute(load_sql("utilization/spelling"))
    ((others,),) = con.execute(load_sql("utilization/spelt_otherwise")).fetchall()
    if others:
        with transaction(con):
            con.execute(f"create or replace temp table hour_respelt as {load_sql('utilization/hour_respelt')}")
            con.execute(load_sql("utilization/delete_respelt"))
            con.execute(
                "insert into utilization_hour by name from hour_respelt order by service, metric, hour_utc, source"
            )
    return int(others)


def respell_read(con: duckdb.DuckDBPyConnection) -> None:
    """Give what `raw_sample` holds the names of the catalog, where it spells any otherwise."""
    con.execute(load_sql("utilization/classified"))
    con.execute(f"create or replace temp table respelt as {load_sql('utilization/respelt')}")
    if con.execute("select 1 from respelt limit 1").fetchall():
        con.execute(load_sql("utilization/named"))
