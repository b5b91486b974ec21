"""Tables are searched, sorted and sent: what is shown lives in the address, and leaves as a file or as SQL."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from dashboards.pages import index as index_page
from dashboards.queries import load_sql
from dashboards.site import render_site
from data.warehouse import open_warehouse, run
from tests.dashboards.estate import AS_OF, make_estate

pytestmark = pytest.mark.browser
ROWS = "#services tbody tr"


def test_search_and_tiers_narrow_the_table(open_page):
    with open_page("index.html") as page:
        shown = page.locator(ROWS)
        everything = shown.count()
        page.keyboard.press("/")
        page.keyboard.type("discovery")
        expect(shown).to_have_count(2)
        assert page.locator("#services .shown").text_content() == f"2 of {everything} services"
        page.locator("#services .tiers label", has_text="0").click()
        assert [row.strip() for row in page.locator(f"{ROWS} th a").all_text_contents()] == ["search"]
        page.locator("#services-find").fill("no such thing")
        expect(shown).to_have_count(0)
        assert page.get_by_text("No row has that.").first.is_visible()


@pytest.mark.parametrize("over", ["file", "http"])
def test_what_is_shown_lives_in_the_address_and_back_undoes_it(open_page, over: str):
    with open_page("index.html", over=over) as page:
        everything = page.locator(ROWS).count()
        page.locator("#services-find").fill("discovery")
        page.locator("#services .tiers label", has_text="0").click()
        page.get_by_role("button", name="Cost so far").click()
        address = page.url
        assert "services.q=discovery" in address
        assert "services.choice=0" in address
        assert "services.sort=-Cost+so+far" in address
        page.go_back()
        assert "sort" not in page.url
        page.go_back()
        expect(page.locator(ROWS)).to_have_count(2)
        page.go_back()
        expect(page.locator(ROWS)).to_have_count(everything)
        assert page.locator("#services-find").input_value() == ""
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator(ROWS)).to_have_count(1)
        assert page.locator("#services-find").input_value() == "discovery"
        assert page.locator("#services [aria-sort=descending]").count() == 1


def test_rows_that_come_beside_the_page_are_found_too(browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index_page, "FIRST_ROWS", 3)
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        render_site(con, tmp_path / "site")
    services = len(list((tmp_path / "site" / "services").glob("*.html")))
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    expect(page.locator("#services .shown")).to_have_text(f"{services} services")
    page.locator("#services-find").fill("<script>")
    expect(page.locator("#services tbody th a")).to_have_text(["<script>alert(1)</script>"])
    page.close()


TYPE = """(texts) => {
    const input = document.querySelector('#services-find');
    for (const text of texts) {
        input.value = text;
        input.dispatchEvent(new Event('input', {bubbles: true}));
    }
    return document.querySelectorAll('#services tbody tr').length;
}"""


def test_a_letter_lays_out_the_first_screen_and_the_rows_below_follow(browser, tmp_path: Path):
    services = tuple(
        (f"svc-{n:02d}", n % 3, "web", 100.0, 0.5, 0.8, 0.1, 0.05, 5.0, "USD", 4.0, 400.0, False) for n in range(30)
    )
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con, services, days=10)
        render_site(con, tmp_path / "site")
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    rows = page.locator(f"{ROWS} th a")
    expect(page.locator("#services .shown")).not_to_be_empty()
    everything = rows.all_text_contents()
    assert len(everything) >= len(services)
    assert page.evaluate(TYPE, ["svc-01"]) == 1
    assert page.evaluate(TYPE, [""]) < len(services)
    expect(rows).to_have_text(everything)
    assert page.evaluate(TYPE, ["svc-01", "", "svc-02"]) == 1
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert rows.all_text_contents() == ["svc-02"]
    page.close()


def test_columns_sort_by_value_with_the_unknown_last(open_page):
    with open_page("index.html") as page:
        for name in ("How full", "Cost so far", "Forecast error"):
            header = page.locator("#services thead th", has=page.get_by_role("button", name=name, exact=True))
            place = page.evaluate("header => header.cellIndex", header.element_handle())
            header.get_by_role("button").focus()
            page.keyboard.press("Enter")
            assert header.get_attribute("aria-sort") == "descending"
            cells = page.locator(f"{ROWS} > :nth-child({place + 1})")
            keys = cells.evaluate_all("cells => cells.map(({dataset}) => [dataset.g ?? '', dataset.v ?? null])")
            known = [(group, -float(value)) for group, value in keys if value is not None]
            assert known == sorted(known)
            assert [value is None for _, value in keys] == sorted(value is None for _, value in keys)
            header.get_by_role("button").click()
            assert header.get_attribute("aria-sort") == "ascending"


def downloaded(page, button) -> list[list[str]]:
    with page.expect_download() as waiting:
        button.click()
    return list(csv.reader(Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()))


def test_a_table_is_downloaded_as_values(open_page):
    with open_page("accuracy.html") as page:
        rows = downloaded(page, page.locator("#accuracy-horizon").get_by_role("button", name="CSV"))
        shown = page.locator("#accuracy-horizon tbody tr").count()
    place = rows[0].index("Median error (WAPE)")
    assert len(rows) == shown + 1
    assert all(re.fullmatch(r"[\d.e-]*", row[place]) for row in rows[1:])


def test_a_table_leaves_without_formulas(open_page):
    with open_page("data.html") as page:
        page.evaluate("document.querySelector('#data-check tbody').rows[0].cells[0].textContent = '=1+1'")
        rows = downloaded(page, page.locator("#data-check").get_by_role("button", name="CSV"))
        assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "%0A"])
def test_what_a_spreadsheet_would_run_leaves_as_text(open_page, text: str):
    with open_page("data.html") as page:
        with page.expect_download() as waiting:
            page.evaluate("text => window.Plimsoll.download('x', [[text, -1.5, 'a,b', null]])", text)
        line = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
        assert line.lstrip('"').startswith("'")
        assert '-1.5,"a,b",' in line


def test_a_chart_is_downloaded_as_its_figure_has_it(open_page, site: Path):
    script = (site / "figures" / "services" / "checkout.js").read_text("utf-8")
    figure = json.loads(script.removeprefix("plimsollFigures(").removesuffix(");\n"))["hour-1"]
    with open_page("services/checkout.html") as page:
        rows = downloaded(page, page.locator("#hour-1").get_by_role("button", name="CSV"))
    assert rows[0][0] == "time_utc"
    measured = rows[0].index("measured")
    found = [float(row[measured]) for row in rows[1:] if row[measured]]
    (trace,) = [trace for trace in figure["data"] if trace["name"] == "measured"]
    assert found == pytest.approx([y for y in trace["y"] if y is not None])


def shown_sql(page) -> str:
    """Return the query that the dialog shows, once it has been fetched."""
    code = page.locator("dialog.sql code")
    expect(code).not_to_be_empty()
    return code.text_content()


@pytest.mark.parametrize(
    ("address", "place", "query"),
    [
        ("accuracy.html", "#accuracy-class", "accuracy/class"),
        ("services/checkout.html", "#service-month", "service/month"),
        ("services/checkout.html", "#service-status", "service/status"),
        ("teams/payments.html", "#team-service", "team/service"),
        ("data.html", "#data-gap", "data/gap"),
        ("why.html", "#waterfall-1", "why/total"),
    ],
)
def test_the_sql_beside_a_view_runs_as_it_stands_and_gives_its_rows(
    open_page, site: Path, address: str, place: str, query: str
):
    with open_page(address) as page:
        page.locator(place).get_by_role("button", name="SQL").click()
        text = shown_sql(page)
    parameters = {
        "as_of": AS_OF,
        "month": AS_OF.replace(day=1),
        "period": date(2026, 10, 1),
        "services": ["checkout"],
        "teams": ["payments"],
    }
    with duckdb.connect(str(site.parent / "plimsoll.duckdb"), read_only=True) as con:
        found = con.execute(text).fetchall()
        for name in ("month_status", "load_gap"):
            run(con, f"create temp table {name} as {load_sql(name)}", parameters)
        expected = run(con, load_sql(query), parameters).fetchall()
    assert found == expected
    assert found


def test_a_service_with_a_quote_in_its_name_has_sql_that_runs(open_page, site: Path):
    service = 'O\'Reilly & "Sons" %{y} {{ 7 * 7 }} https://example.org/'
    with open_page("index.html") as page:
        page.locator("#services-find").fill("reilly")
        page.locator(f"{ROWS} th a").click()
        page.locator("#service-month").get_by_role("button", name="SQL").click()
        text = shown_sql(page)
    with duckdb.connect(str(site.parent / "plimsoll.duckdb"), read_only=True) as con:
        assert {row[0] for row in con.execute(text).fetchall()} == {service}


def test_the_pivot_groups_by_what_is_asked_and_its_total_is_the_tables(open_page, site: Path):
    with duckdb.connect(str(site.parent / "plimsoll.duckdb"), read_only=True) as con:
        ((total,),) = con.execute(
            "select sum(effective_cost) from cost_day where currency = 'USD' and charge_category <> 'Tax' "
            "and charge_date >= $month and charge_date < $as_of",
            {"month": AS_OF.replace(day=1), "as_of": AS_OF},
        ).fetchall()
    with open_page("spend.html") as page:
        assert page.locator(".pivot tfoot td").first.text_content() == f"{total:,.0f}"
        page.locator(".pivot select[name=by]").select_option("service")
        assert "pivot.by=service" in page.url
        page.locator(".pivot tbody button").first.click()
        assert page.locator(".pivot tbody .sub").count() == 2
        rows = downloaded(page, page.locator(".pivot").get_by_role("button", name="CSV"))
        assert sum(float(row[3] or 0) for row in rows[1:]) == pytest.approx(float(total), abs=0.01)
        page.go_back()
        expect(page.locator(".pivot select[name=by]")).to_have_value("team")
