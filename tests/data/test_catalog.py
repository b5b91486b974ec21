from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.catalog import add_uncatalogued, read_catalog, store_catalog
from data.errors import ConfigError


def catalog_of(folder: Path, text: str) -> Path:
    file = folder / "services.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\nteam = 'x'", "a.tier: is missing"),
        ("[a]\ntier = 7", "a.tier: Input should be 0, 1 or 2, found 7"),
        ("[a]\ntier = 1\nalias = ['b']", "a.alias: unknown key; did you mean 'aliases'?"),
        ("[a]\ntier = 1\n[a.capacity.cpu]\nlimit = 0", "a.capacity.cpu.limit: Input should be greater than 0"),
        (
            "[a]\ntier = 1\naliases = ['X']\n[b]\ntier = 1\naliases = ['x']",
            "name or alias 'x' belongs to more than one",
        ),
        ("[a]\ntier = 1\n[A]\ntier = 1", "name or alias 'a' belongs to more than one"),
        ("[a]\ntier = 1\naccounts = ['1']\n[b]\ntier = 1\naccounts = ['1']", "account '1' belongs to more than one"),
        ("['(unallocated)']\ntier = 1", "is the name of cost without an owner"),
        ("[a\n", "not TOML"),
    ],
)
def test_a_mistake_names_the_key_and_what_to_do(tmp_path: Path, text: str, says: str):
    with pytest.raises(ConfigError) as error:
        read_catalog(catalog_of(tmp_path, text))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_the_catalog_becomes_services_metrics_and_limits(con, tmp_path: Path):
    catalog = read_catalog(
        catalog_of(
            tmp_path,
            "[a]\ntier = 0\nrequest_metric = 'orders'\nbudget_usd_month = 10.25\naliases = ['A1']\n"
            "[a.capacity.cpu]\nlimit = 0.8\nlead_time_days = 3\n[b]\ntier = 2\nshared = 'even'\ntelemetry = true",
        )
    )
    store_catalog(con, catalog, {"queue": "count"}, date(2026, 11, 20))
    services = con.execute(
        "select service, is_catalogued, tier, request_metric, budget_usd_month, aliases, shared_rule, is_telemetry "
        "from service order by all"
    ).fetchall()
    assert services == [
        ("a", True, 0, "orders", Decimal("10.25"), ["A1"], None, False),
        ("b", True, 2, None, None, [], "even", True),
    ]
    assert con.execute("from metric order by all").fetchall() == [("orders", "count"), ("queue", "count")]
    limits = con.execute(
        "select service, metric, valid_from, limit_value, lead_time_days from capacity_limit"
    ).fetchall()
    assert limits == [("a", "cpu", date(2026, 11, 20), 0.8, 3)]


def test_a_changed_limit_is_a_new_row_and_the_old_one_stays(con, tmp_path: Path):
    for day, limit in ((1, 0.8), (2, 0.8), (3, 0.9), (3, 0.9), (4, 0.9)):
        file = catalog_of(tmp_path, f"[a]\ntier = 1\n[a.capacity.cpu]\nlimit = {limit}")
        store_catalog(con, read_catalog(file), {}, date(2026, 11, day))
    rows = con.execute("select valid_from, limit_value from capacity_limit order by all").fetchall()
    assert rows == [(date(2026, 11, 1), 0.8), (date(2026, 11, 3), 0.9)]


DECLARED = """[a]
tier = 1
[a.capacity.cpu]
limit = 0.8
units = 10
unit_cost_usd_month = 50
[[a.capacity.cpu.change]]
valid_from = 2026-12-01
limit = {limit}
units = 20
"""


def limits(con) -> list[tuple[str, float, float | None]]:
    return con.execute("select valid_from::varchar, limit_value, units from capacity_limit order by all").fetchall()


def test_a_limit_that_changes_on_a_day_is_known_before_it_and_holds_from_it_on(con, tmp_path: Path):
    catalog = read_catalog(catalog_of(tmp_path, DECLARED.format(limit=1.6)))
    for day in (date(2026, 11, 20), date(2026, 11, 21), date(2026, 12, 1), date(2026, 12, 5)):
        store_catalog(con, catalog, {}, day)
        assert limits(con) == [("2026-11-20", 0.8, 10), ("2026-12-01", 1.6, 20)]


def test_a_change_that_is_called_off_or_moved_is_forgotten(con, tmp_path: Path):
    store_catalog(con, read_catalog(catalog_of(tmp_path, DECLARED.format(limit=1.6))), {}, date(2026, 11, 20))
    store_catalog(con, read_catalog(catalog_of(tmp_path, DECLARED.format(limit=1.2))), {}, date(2026, 11, 21))
    assert limits(con) == [("2026-11-20", 0.8, 10), ("2026-12-01", 1.2, 20)]
    plain = catalog_of(tmp_path, DECLARED[: DECLARED.index("[[")])
    store_catalog(con, read_catalog(plain), {}, date(2026, 11, 22))
    assert limits(con) == [("2026-11-20", 0.8, 10)]


def test_a_change_whose_day_is_past_when_it_is_first_said_holds_from_that_night(con, tmp_path: Path):
    store_catalog(con, read_catalog(catalog_of(tmp_path, DECLARED.format(limit=1.6))), {}, date(2026, 12, 24))
    assert limits(con) == [("2026-12-24", 1.6, 20)]


def test_a_night_of_the_past_does_not_forget_what_later_ones_knew(con, tmp_path: Path):
    for day, limit in ((10, 0.8), (12, 0.9)):
        text = f"[a]\ntier = 1\n[a.capacity.cpu]\nlimit = {limit}"
        store_catalog(con, read_catalog(catalog_of(tmp_path, text)), {}, date(2026, 11, day))
    store_catalog(con, read_catalog(catalog_of(tmp_path, text)), {}, date(2026, 11, 1))
    assert [(day, limit) for day, limit, _ in limits(con)] == [
        ("2026-11-01", 0.9),
        ("2026-11-10", 0.8),
        ("2026-11-12", 0.9),
    ]


def test_an_empty_catalog_is_allowed(con, tmp_path: Path):
    store_catalog(con, read_catalog(catalog_of(tmp_path, "")), {}, date(2026, 11, 20))
    assert con.execute("select count(*) from service").fetchall() == [(0,)]


def test_a_service_that_only_a_metric_names_is_there_and_not_catalogued(con):
    con.execute("insert into utilization_hour values ('ghost', 'cpu', '2026-01-01', 1, 1, 1, 1, 1, 's')")
    add_uncatalogued(con)
    add_uncatalogued(con)
    assert con.execute("select service, is_catalogued, tier from service").fetchall() == [("ghost", False, None)]
