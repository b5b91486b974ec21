"""What `[[commitment_offer]]` of plimsoll.toml says, as a table."""

from collections.abc import Sequence

import duckdb

from data.warehouse import replace_window


def store_offers(con: duckdb.DuckDBPyConnection, offers: Sequence[tuple[str | None, int, float]]) -> None:
    """Replace `commitment_offer` by rows of provider (None: every one), term in years and discount as a ratio."""
    con.execute("create or replace temp table said_offer as from commitment_offer limit 0")
    if offers:
        con.executemany("insert into said_offer values (?, ?, ?)", offers)
    replace_window(con, "commitment_offer", "from said_offer")
