"""How tests of bills load a source and build its cost: the calls that the night makes."""

from datetime import date, datetime
from pathlib import Path

import duckdb

from data.billing.allocation import Allocation, build_cost
from data.billing.deliveries import BillReading
from data.billing.read.owners import Owners
from data.billing.store import BillingSource, Loaded, load_bills

AS_OF = date(2026, 11, 20)
TAG_KEYS = ("user:service", "service")


def load(con: duckdb.DuckDBPyConnection, source: BillingSource, cache: Path = Path("/nowhere"), day: int = 0) -> Loaded:
    """Load what changed, as the night `day` days after the first would."""
    return load_bills(con, source, Owners(TAG_KEYS), datetime(2026, 11, 20 + day), BillReading(cache, AS_OF))


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Build the tables of cost from what is loaded."""
    build_cost(con, Allocation(tag_keys=TAG_KEYS), (), None, AS_OF)


def totals(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Return lines and sums by source, period and currency."""
    return con.execute(
        "select source, billing_period, currency, sum(lines), sum(billed_cost), sum(effective_cost), sum(list_cost) "
        "from charge_day group by all order by all"
    ).fetchall()
