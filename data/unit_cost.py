"""What `[unit_cost]` of plimsoll.toml says, as tables."""

import re
from collections.abc import Iterable, Mapping

import duckdb
import pandas as pd

from data.warehouse import replace_window


def store_telemetry_budgets(con: duckdb.DuckDBPyConnection, ratio: float, ratio_of: Mapping[str, float]) -> None:
    """Replace `unit_cost_budget`: every service has the ratio that it or everybody is given."""
    con.register("said", pd.DataFrame(sorted(ratio_of.items()), columns=["service", "ratio"]))
    replace_window(
        con,
        "unit_cost_budget",
        "select service, coalesce(r.ratio, $ratio)::double as telemetry_ratio "
        "from service s left join (select service::varchar as service, ratio::double as ratio from said) r "
        "using (service)",
        {"ratio": ratio},
    )
    con.unregister("said")


def store_non_production(con: duckdb.DuckDBPyConnection, accounts: Iterable[str], environments: Iterable[str]) -> None:
    """Replace `non_production_account` and `non_production_environment`."""
    plain = (re.sub(r"[^0-9a-z]", "", name.lower()) for name in environments)
    for column, names in (("account", accounts), ("environment", plain)):
        con.register("said", pd.DataFrame({column: pd.Series(sorted(set(names)), dtype=str)}))
        replace_window(con, f"non_production_{column}", f"select {column}::varchar as {column} from said")  # noqa: S608 - our own names
        con.unregister("said")
