"""From raw samples to `utilization_hour`: reject rows with reasons, count repeats once, roll up, replace."""

from dataclasses import dataclass

import duckdb

from data.warehouse import load_sql, replace_window, run, transaction
from data.window import Window


@dataclass(frozen=True)
class Stored:
    """What one read of a source brought, in rows."""

    rows_read: int
    rows_rejected: int
    rows_duplicate: int


def store_samples(con: duckdb.DuckDBPyConnection, source: str, window: Window) -> Stored:
    """Roll the temporary view `raw_sample` up into `utilization_hour`, and its rejects into `input_issue`.

    Hours that the source delivered replace those that are stored from it; hours it no longer delivers stay, so that
    a rotated file loses nothing.
    """
    parameters = {"source": source, "window_start": window.start, "window_end": window.end}
    con.execute("set variable window_end = $window_end", {"window_end": window.end})
    con.execute(load_sql("utilization/classified"))
    run(con, f"create or replace temp table sample as {load_sql('utilization/sample')}", parameters)
    run(con, f"create or replace temp table rejected as {load_sql('utilization/rejected')}", parameters)
    run(con, f"create or replace temp table hour_changed as {load_sql('utilization/hour_changed')}", parameters)
    replace_window(con, "input_issue", "select * from rejected", keys={"source": source})
    with transaction(con):
        run(con, load_sql("utilization/delete_changed"), parameters)
        con.execute("insert into utilization_hour by name select * from hour_changed")
    ((kept, repeated),) = con.execute(
        "select coalesce(sum(rows), 0)::bigint, coalesce(sum(rows) - count(*), 0)::bigint from sample"
    ).fetchall()
    ((rejected,),) = con.execute(
        "select coalesce(sum(rows), 0)::bigint from rejected where severity = 'rejected'"
    ).fetchall()
    for table in ("sample", "rejected", "hour_changed"):
        con.execute(f"drop table {table}")
    return Stored(kept + rejected, rejected, repeated)
