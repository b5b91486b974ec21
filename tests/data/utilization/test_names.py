"""A service's aliases, and its name in any case, hold for load as they do for bills; what is stored follows them."""

from datetime import date

import pytest

from data.catalog import Service, store_catalog
from data.utilization.files.files import Files
from data.utilization.names import respell_stored

HEADER = "service,metric,timestamp,value\n"
CATALOG = {"web": Service(tier=1, aliases=("Shop Front", "web-v1")), "api": Service(tier=1)}


@pytest.fixture
def source(tmp_path):
    names = ("web", "Shop Front", "WEB-V1", "API", "other")
    (tmp_path / "a.csv").write_text(
        HEADER + "".join(f"{name},cpu,2026-11-01T00:{n}0:00Z,{n + 1}\n" for n, name in enumerate(names))
    )
    return Files(kind="files", name="metrics", path=tmp_path)


def catalogue(con):
    store_catalog(con, CATALOG, {}, date(2026, 11, 2))


def test_spellings_of_the_catalog_are_one_service(con, night, hours, source):
    catalogue(con)
    assert night(source).rows_rejected == 0
    assert [(service, total, samples) for service, *_, total, samples in hours()] == [
        ("api", 4, 1),
        ("other", 5, 1),
        ("web", 6, 3),
    ]


def test_what_is_stored_is_respelt_when_the_catalog_learns_a_name_and_only_once(con, night, hours, source):
    night(source)
    before = hours()
    assert [service for service, *_ in before] == ["API", "Shop Front", "WEB-V1", "other", "web"]
    catalogue(con)
    assert respell_stored(con) == 3
    after = hours()
    assert [
        (service, average, largest, total, samples) for service, _, _, average, largest, _, total, samples in after
    ] == [
        ("api", 4, 4, 4, 1),
        ("other", 5, 5, 5, 1),
        ("web", 2, 3, 6, 3),
    ]
    assert respell_stored(con) == 0
    assert hours() == after


def test_a_service_without_another_spelling_is_untouched(con, night, hours, source):
    night(source)
    before = hours()
    store_catalog(con, {"far": Service(tier=2, aliases=("Away",))}, {}, date(2026, 11, 2))
    assert respell_stored(con) == 0
    assert hours() == before


def test_a_limit_that_is_measured_under_an_alias_is_the_services(con, night, tmp_path):
    catalogue(con)
    (tmp_path / "a.csv").write_text(HEADER[:-1] + ",capacity\nweb-v1,cpu,2026-11-01T00:00:00Z,1,12\n")
    night(Files(kind="files", name="metrics", path=tmp_path, columns={"limit": "capacity"}))
    assert con.execute("select service, limit_value from capacity_limit").fetchall() == [("web", 12)]
