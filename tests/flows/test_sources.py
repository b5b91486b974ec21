"""What counts is what the configuration names: sources that are renamed, removed, and named again."""

from datetime import date, datetime
from pathlib import Path

import pytest

from data.warehouse import migrate, open_warehouse
from flows import steps
from flows.settings import read_settings

AS_OF = date(2026, 11, 10)
DERIVED = ("cost_service_day", "unit_cost_day", "utilization_gap")  # without the name of a source


def gather(config: Path, as_of: date = AS_OF) -> None:
    """Run a night as far as its checks."""
    settings = read_settings(config)
    with open_warehouse(settings.warehouse.path) as con:
        migrate(con)
    steps.prepare(settings, as_of)
    for load in settings.utilization:
        assert steps.ingest_utilization(settings, load, as_of, datetime(2026, 11, 10))
    for bills in settings.billing:
        assert steps.ingest_bills(settings, bills, as_of, datetime(2026, 11, 10))
    steps.build(settings, as_of)
    steps.check(settings, as_of)


def edit(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


def look(config: Path, query: str) -> list[tuple[object, ...]]:
    with open_warehouse(read_settings(config).warehouse.path) as con:
        return con.execute(query).fetchall()


def derived(config: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_warehouse(read_settings(config).warehouse.path) as con:
        found = {}
        for table in DERIVED:
            names = [row[0] for row in con.execute(f"describe {table}").fetchall() if row[0] != "source"]
            found[table] = con.execute(f"select {', '.join(names)} from {table} order by all").fetchall()
        return found


def current_page(config: Path, name: str) -> list[tuple[object, ...]]:
    query = Path("dashboards/sql/data", f"{name}.sql")
    return look(config, (Path(__file__).parents[2] / query).read_text(encoding="utf-8"))


@pytest.fixture
def gathered(fresh_estate: Path) -> Path:
    gather(fresh_estate)
    return fresh_estate


def test_a_source_that_is_renamed_counts_once(gathered):
    before = derived(gathered)
    edit(gathered, 'name = "aws"', 'name = "amazon"')
    edit(gathered, 'name = "metrics"', 'name = "load"')
    gather(gathered)
    assert derived(gathered) == before
    assert {row[0] for row in look(gathered, "select source from cost_day")} == {"amazon", "oci"}
    assert {row[0] for row in look(gathered, "select source from bill")} == {"amazon", "oci"}
    assert look(gathered, "select distinct source from utilization_hour") == [("load",)]
    assert {row[0] for row in current_page(gathered, "source")} == {"amazon", "load", "oci"}
    assert {row[0] for row in current_page(gathered, "bill")} == {"amazon", "oci"}
    warned = look(gathered, "select name, example from check_result where name = 'bills_not_counted' and rows > 0")
    assert warned[0][1].startswith("aws, ")


def test_a_source_that_is_removed_stays_stored_and_counts_again_once_it_is_named_again(gathered):
    named = gathered.read_text(encoding="utf-8")
    before, stored = derived(gathered), look(gathered, "from charge_day order by all")
    edit(gathered, named[named.index("[[billing]]", named.index('"aws"')) : named.index("[allocation]")], "")
    gather(gathered)
    assert {row[0] for row in look(gathered, "select source from cost_day")} == {"aws"}
    assert look(gathered, "from charge_day order by all") == stored
    assert derived(gathered) != before
    gathered.write_text(named, encoding="utf-8")
    gather(gathered)
    assert derived(gathered) == before


def test_load_of_a_source_that_is_removed_is_history_and_not_stale_for_ever(gathered):
    hours = look(gathered, "select service, metric, hour_utc, value_avg from utilization_hour order by all")
    named = gathered.read_text(encoding="utf-8")
    edit(gathered, named[named.index("[[utilization]]") : named.index("[[billing]]")], "")
    gather(gathered, date(2026, 11, 14))
    assert look(gathered, "select service, metric, hour_utc, value_avg from utilization_hour order by all") == hours
    assert {row[0] for row in current_page(gathered, "source")} == {"aws", "oci"}
    assert look(gathered, "from utilization_gap where to_utc is null") == []
