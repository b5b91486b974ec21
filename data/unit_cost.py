"""What `[unit_cost]` of plimsoll.toml says, as tables."""

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from data.warehouse import replace_window


def store_unit_cost_settings(
    con: duckdb.DuckDBPyConnection,
    telemetry_ratio: float,
    telemetry_ratio_of: Mapping[str, float],
    non_production_accounts: Sequence[str],
) -> None:
    """Replace `unit_cost_budget` (every service has the ratio that it or everybody is given) and the accounts."""
    con.register("said_ratio", pd.DataFrame(sorted(telemetry_ratio_of.items()), columns=["service", "ratio"]))
    con.register("said_account", pd.DataFrame({"account": pd.Series(sorted(set(non_production_accounts)), dtype=str)}))
    replace_window(
        con,
        "unit_cost_budget",
        "select service, coalesce(r.ratio, $ratio)::double as telemetry_ratio "
        "from service s left join (select service::varchar as service, ratio::double as ratio from said_ratio) r "
        "using (service)",
        {"ratio": telemetry_ratio},
    )
    replace_window(con, "non_production_account", "select account::varchar as account from said_account")
    for view in ("said_ratio", "said_account"):
        con.unregister(view)
