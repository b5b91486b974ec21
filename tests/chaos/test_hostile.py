"""Names that whoever can tag a resource or export a metric may choose, against the whole way to readers."""

import csv
import json
import time
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from dashboards.site import render_site
from data.billing.allocation import Allocation, Rule, build_cost
from data.billing.deliveries import BillReading
from data.billing.focus import Focus
from data.billing.read.owners import Owners
from data.billing.store import load_bills
from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.utilization.store import load_utilization
from data.window import Window
from tests.warehouses import new_warehouse

NAMES = (
    "'; drop table cost_day; --",
    '"; drop table cost_day; --',
    "$as_of",
    "x' || (select 1) || '",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "/absolute",
    ".",
    "con",
    "a" * 3000,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% include 'base.html' %}",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "\u202egnp.exe",
    "\x1b[31mred",
    "null",
    "Ω≈ç√ 漢字 🚢",
    "${jndi:ldap://x}",
)
COLUMNS = (
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ServiceCategory",
    "ServiceName",
    "ProviderName",
    "BillingAccountId",
    "RegionId",
    "Tags",
)
AS_OF = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A bill and load whose every name is hostile, loaded, and its site written."""
    folder = tmp_path_factory.mktemp("hostile")
    with (folder / "bill.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for name in NAMES:
            tags = json.dumps({"service": name})
            day = ["1.5", "1.5", "USD", "2026-11-01", "2026-11-03", "2026-11-04", "Usage"]
            writer.writerow([*day, name, name, name, name, name, tags])
    with (folder / "load.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["service", "metric", "timestamp", "value"])
        writer.writerows([name, "requests", "2026-11-03T04:00:00Z", "5"] for name in NAMES)
    with new_warehouse(folder / "plimsoll.duckdb") as con:
        bill = Focus(kind="focus", name="bill", uri=str(folder / "bill.csv"))
        load_bills(con, bill, Owners(("service",)), NOW, BillReading(folder / "cache", AS_OF))
        load = Files(kind="files", name="load", path=folder / "load.csv")
        window = Window(datetime(1970, 1, 1), datetime(2026, 11, 20))
        load_utilization(con, load, LoadReading(window, folder / "cache", NOW), lambda *_, **__: None)
        build_cost(con, Allocation(tag_keys=("service",)), (), None, AS_OF)
        render_site(con, folder / "published" / "site")
    return folder


@pytest.fixture
def con(home):
    with duckdb.connect(str(home / "plimsoll.duckdb"), read_only=True) as con:
        yield con


def test_every_cent_of_a_hostile_bill_is_there_under_the_names_it_was_given(con):
    found = dict(con.execute("select service, sum(effective_cost)::varchar from cost_day group by all").fetchall())
    assert sum(float(cost) for cost in found.values()) == 1.5 * len(NAMES)
    kept = {name.strip() for name in NAMES} - {"null"}  # what says nothing is no owner
    assert kept <= set(found)


def test_every_hostile_name_of_load_is_a_service_and_no_other(con):
    found = {name for (name,) in con.execute("select distinct service from utilization_hour").fetchall()}
    assert found <= {name.strip() for name in NAMES}
    assert len(found) >= len(NAMES) - 1


def test_no_file_is_written_outside_the_site(home):
    outside = {path.name for path in home.iterdir()}
    assert outside == {"bill.csv", "load.csv", "plimsoll.duckdb", "published"} | (outside & {"cache"})
    names = [path.name for path in (home / "published").rglob("*")]
    assert all(len(name.encode()) <= 255 for name in names)


def test_no_page_holds_a_name_as_markup_or_as_a_template(home):
    for page in (home / "published/site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>alert(1)" not in text, page
        assert "<img src=x" not in text, page
    everything = "".join(page.read_text(encoding="utf-8") for page in (home / "published/site").rglob("*.html"))
    assert "{{ 7 * 7 }}" in everything  # shown as it is, not worked out to 49


@pytest.mark.parametrize("pattern", ["/(a+)+$/", "/(a|aa)+b/", "/(.*a){20}/"])
def test_a_rule_that_would_never_end_elsewhere_ends_here(tmp_path, pattern):
    started = time.perf_counter()
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        con.execute(
            "insert into charge_day by name select 'bill' as source, date '2026-11-01' as billing_period, "
            "date '2026-11-03' as charge_date, repeat('a', 5000) || '!' as product, 'Usage' as charge_category, "
            "'USD' as currency, 1 as billed_cost, 1 as effective_cost, 1 as lines from range(200)"
        )
        con.execute("insert into source values ('bill', 'focus', true)")
        build_cost(con, Allocation(rule=(Rule(service="network", product=pattern),)), (), None, AS_OF)
    assert time.perf_counter() - started < 60


@pytest.mark.parametrize("pattern", ["/(?=a)b/", "/(a)\\1/", "/[/"])
def test_a_rule_that_is_no_re2_is_refused_where_it_is_written(pattern):
    with pytest.raises(ValidationError, match="product"):
        Rule(service="network", product=pattern)
