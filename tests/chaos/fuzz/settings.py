"""The configuration and the catalog, as somebody's editor leaves them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.catalog import read_catalog
from data.errors import PlimsollError
from flows.settings import read_settings
from tests.chaos.fuzz.damage import check_is_one_line, damaged

EXAMPLE = (Path(__file__).parents[3] / "plimsoll.example.toml").read_bytes()
CATALOG = b"""
[checkout]
tier = 0
team = "payments"
request_metric = "requests"
country = "DE"
accounts = ["100000000000"]
aliases = ["Checkout"]
target_cost_per_million = 6.50
budget_usd_month = 3000
[checkout.capacity.cpu]
limit = 0.80
lead_time_days = 14
[platform]
tier = 2
shared = "fixed"
shares = { checkout = 0.4, search = 0.6 }
[search]
tier = 1
timezone = "Europe/Berlin"
"""


@contextmanager
def reader(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what damages one of the two files, reads both as a night does, and returns how it ended."""
    yield lambda chance: _read(folder, chance)


def _read(folder: Path, chance: random.Random) -> str:
    config, catalog = folder / "plimsoll.toml", folder / "services.toml"
    is_catalog = chance.random() < 1 / 2
    config.write_bytes(EXAMPLE if is_catalog else damaged(chance, EXAMPLE))
    catalog.write_bytes(damaged(chance, CATALOG) if is_catalog else CATALOG)
    try:
        read_settings(config)
        read_catalog(catalog)
    except PlimsollError as error:
        check_is_one_line(error)
        return "refused"
    return "read"
