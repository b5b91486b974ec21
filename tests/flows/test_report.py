"""The report of a month, from what is published."""

from datetime import date
from pathlib import Path

import pytest

from data.errors import InputError
from data.snapshot import write_snapshot
from data.warehouse import open_warehouse
from flows.published import report
from flows.published.report import write_report
from tests.browser.chromium import CHROMIUM
from tests.dashboards.estate import make_estate
from tests.dashboards.test_findings import words

OCTOBER = date(2026, 10, 1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con)
        write_snapshot(con, folder / "snapshot.duckdb")
    return folder


@pytest.mark.parametrize(("month", "said"), [(OCTOBER, "October 2026"), (date(2026, 9, 1), "September 2026")])
def test_a_report_is_of_the_month_that_is_asked_for(published: Path, tmp_path: Path, month: date, said: str):
    page = write_report(published, month, tmp_path / "report.html")
    assert said in words(page)
    assert (tmp_path / "assets" / "plimsoll.css").exists()


def test_a_report_of_a_month_without_a_bill_says_so(published: Path, tmp_path: Path):
    page = write_report(published, date(2025, 1, 1), tmp_path / "report.html")
    assert "No bill of this month is loaded." in words(page)


@pytest.mark.browser
def test_a_report_is_printed_on_few_pages(published: Path, tmp_path: Path):
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    file = write_report(published, OCTOBER, tmp_path / "report.pdf")
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    pages = content.count(b"/Type /Page\n") + content.count(b"/Type /Page/")
    assert 2 <= pages <= 3


def test_without_a_browser_the_user_is_told_what_to_do(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(report, "BROWSERS", ("no-such-browser",))
    with pytest.raises(InputError, match=r"install chromium, or give --out a name that ends in \.html"):
        write_report(published, OCTOBER, tmp_path / "report.pdf")
    assert write_report(published, OCTOBER, tmp_path / "report.html").exists()


def test_where_nothing_is_published_it_says_so(tmp_path: Path):
    with pytest.raises(InputError, match="run plimsoll night"):
        write_report(tmp_path, OCTOBER, tmp_path / "report.html")
