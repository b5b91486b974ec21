"""Bills and their manifests, as every vendor delivers them."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from data.billing import Source
from data.errors import PlimsollError
from data.warehouse import migrate, open_warehouse
from tests.chaos.fuzz.damage import check_is_one_line, damaged
from tests.data.billing.export import line, write_execution, write_lines
from tests.data.billing.loading import load
from tests.data.billing.test_azure_gcp import csv, run
from tests.data.billing.test_cur import report, row
from tests.data.billing.test_data_sets import OCI

MONTH = date(2026, 10, 1)
SOURCE: TypeAdapter[Source] = TypeAdapter(Source)
GCP = """{"billing_account_id":"B1","service":{"id":"6F81","description":"Compute Engine"},"project":{"id":"shop"},\
"labels":[{"key":"service","value":"checkout"}],"location":{"region":"europe-west1"},\
"usage_start_time":"2026-10-05 10:00:00 UTC","usage_end_time":"2026-10-05 11:00:00 UTC","cost":10.0,"currency":"EUR",\
"credits":[{"name":"CUD","amount":-2.5,"type":"COMMITTED_USAGE_DISCOUNT"}],"invoice":{"month":"202610"}}
"""


def _focus(folder: Path) -> None:
    write_execution(folder, MONTH, "one", [line("1.5"), line("2.25", ChargeCategory="Tax")], ending="csv")


def _focus_file(folder: Path) -> None:
    write_lines(folder / "bill.csv", [line("1.5"), line("-0.25")])


def _cur(folder: Path) -> None:
    report(folder, MONTH, "one", [row("Usage", "1.5"), row("Tax", "0.1")], "csv.gz")


def _azure(folder: Path) -> None:
    run(folder, "one", "2026-11-03T05:00:00Z", 10)


def _azure_file(folder: Path) -> None:
    csv(folder / "cost.csv", "10/02/2026,1.5,USD,10/01/2026,Usage,OnDemand,s1,", "10/03/2026,2,USD,10/01/2026,Tax,,s1,")


def _gcp(folder: Path) -> None:
    (folder / "bill.json").write_text(GCP * 3, encoding="utf-8")


def _oci(folder: Path) -> None:
    lines = "1,t,2026-10-05T00:00Z,2026-10-05T01:00Z,COMPUTE,c1,us-ashburn-1,2,OCPU Hours,EUR,1.5,false,checkout\n"
    (folder / "bill.csv").write_text(f"{OCI}\n{lines * 2}", encoding="utf-8")


DELIVERIES = (
    ("focus", _focus), ("focus", _focus_file), ("cur", _cur), ("azure", _azure), ("azure", _azure_file), ("gcp", _gcp),
    ("oci", _oci),
)  # fmt: skip


@contextmanager
def reader(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what makes a delivery, loads it as a night does, and returns how it ended."""
    with open_warehouse(folder / "warehouse.duckdb") as con:
        migrate(con)
        con.execute("set threads = 1")
        yield lambda chance: _read(con, folder, chance)


def _read(con: duckdb.DuckDBPyConnection, folder: Path, chance: random.Random) -> str:
    """Load one delivery into a warehouse without bills: all of it, or nothing."""
    home = folder / "delivery"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    kind, write = chance.choice(DELIVERIES)
    write(home)
    files = sorted(file for file in home.rglob("*") if file.is_file())
    hurt = chance.choice(files)
    hurt.write_bytes(damaged(chance, hurt.read_bytes()))
    for table in ("charge_day", "charge_hour", "billing_load", "input_issue"):
        con.execute(f"delete from {table}")
    try:
        load(con, SOURCE.validate_python({"kind": kind, "name": "fuzz", "uri": str(home)}), folder / "cache")
    except PlimsollError as error:
        check_is_one_line(error)
        ((left,),) = con.execute("select count(*) from charge_day where source = 'fuzz'").fetchall()
        assert left == 0, f"{left} rows of a delivery that was refused"
        return "refused"
    untied = con.execute(
        "select billing_period, currency, l.billed_cost, sum(c.billed_cost) from billing_load l "
        "join charge_day c using (source, billing_period, currency) where l.is_current "
        "group by all having l.billed_cost <> sum(c.billed_cost)"
    ).fetchall()
    assert untied == []
    return "read"
