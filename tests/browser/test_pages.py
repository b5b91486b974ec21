"""What a reader sees and does, in a real Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboards import site as site_module
from dashboards.slugs import slug
from data.warehouse import open_warehouse
from tests.dashboards.estate import HOSTILE, make_estate

pytestmark = pytest.mark.browser

PAGES = ("index.html", "services/checkout.html", "services/only-cost.html", "accuracy.html", "freshness.html")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def draw_all(page) -> int:
    """Scroll to each chart and wait until it is drawn; return how many there are."""
    plots = page.locator(".plot")
    for k in range(plots.count()):
        plots.nth(k).scroll_into_view_if_needed()
        expect(plots.nth(k)).to_have_class(re.compile(r"\bdrawn\b"), timeout=20_000)
    return plots.count()


@pytest.mark.parametrize("over", ["file", "http"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_draw_their_charts_and_ask_for_nothing_outside(open_page, address: str, over: str):
    with open_page(address, over=over) as page:
        charts = draw_all(page)
        assert page.locator(".plot.drawn svg.main-svg").count() >= charts


def test_no_name_does_anything_but_be_read(open_page):
    with open_page("index.html") as page:
        links = {
            service: page.get_by_role("link", name=service, exact=True).get_attribute("href") for service in HOSTILE
        }
        start = page.url.removesuffix("index.html")
        for service, link in links.items():
            page.goto(start + link)
            assert page.locator("h1").text_content() == service
        draw_all(page)


@pytest.mark.parametrize("address", [*PAGES, f"services/{slug('x' * 300)}.html"])
def test_nothing_is_wider_than_the_screen(open_page, address: str):
    with open_page(address, width=390) as page:
        draw_all(page)
        for width in (390, 800, 1000, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOW) == 0, width


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", ["index.html", "services/search.html", "accuracy.html"])
def test_no_word_of_a_chart_is_cut_off_or_lies_on_another(open_page, address: str, width: int):
    script = Path(__file__).with_name("chart_words.js").read_text(encoding="utf-8")
    with open_page(address, width=width) as page:
        draw_all(page)
        assert page.evaluate(script) == []


def test_words_and_tables_need_no_chart(browser, site: Path):
    """The script that draws charts is fetched after the page is read, so nothing waits for it."""
    context = browser.new_context()
    context.route("**/plotly-*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    expect(page.locator("#table tbody tr").first).to_be_visible()
    page.locator(".plot").first.scroll_into_view_if_needed()
    expect(page.locator(".plot.failed").first).to_be_visible()
    page.locator("#find").fill("checkout")
    expect(page.locator("#table tbody tr:visible")).to_have_count(1)
    context.close()


def test_search_and_tiers_narrow_the_table(open_page):
    with open_page("index.html") as page:
        shown = page.locator("#table tbody tr:visible")
        everything = shown.count()
        page.keyboard.press("/")
        page.keyboard.type("discovery")
        assert shown.count() == 2
        assert page.locator("#shown").text_content() == f"2 of {everything} services"
        page.locator("#tiers label", has_text="0").click()
        assert [row.strip() for row in page.locator("#table tbody tr:visible a").all_text_contents()] == ["search"]
        page.locator("#find").fill("no such thing")
        assert shown.count() == 0
        assert page.locator("#nothing").is_visible()


def test_rows_that_come_beside_the_page_are_found_too(browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(site_module, "FIRST_ROWS", 3)
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        pages = site_module.render_site(con, tmp_path / "site")
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    expect(page.locator("#shown")).to_have_text(f"{pages - 3} services")
    page.locator("#find").fill("<script>")
    expect(page.locator("#table tbody th a")).to_have_text(["<script>alert(1)</script>"])
    page.close()


def test_columns_sort_by_value_with_the_unknown_last(open_page):
    with open_page("index.html") as page:
        for name in ("How full", "Cost so far", "Forecast error"):
            header = page.locator("#table thead th", has=page.get_by_role("button", name=name))
            place = page.evaluate("header => header.cellIndex", header.element_handle())
            header.get_by_role("button").focus()
            page.keyboard.press("Enter")
            assert header.get_attribute("aria-sort") == "descending"
            cells = page.locator(f"#table tbody tr > :nth-child({place + 1})")
            keys = cells.evaluate_all("cells => cells.map(({dataset}) => [dataset.g ?? '', dataset.v ?? null])")
            known = [(group, -float(value)) for group, value in keys if value is not None]
            assert known == sorted(known)
            assert [value is None for _, value in keys] == sorted(value is None for _, value in keys)
            header.get_by_role("button").click()
            assert header.get_attribute("aria-sort") == "ascending"


def test_dark_is_dark_in_pages_and_charts_and_follows_the_system(open_page):
    line = "getComputedStyle(document.querySelector('.plot .scatterlayer path.js-line')).stroke"
    background = "getComputedStyle(document.body).backgroundColor"
    with open_page("services/checkout.html", scheme="dark") as page:
        draw_all(page)
        dark = page.evaluate(background), page.evaluate(line)
        page.emulate_media(color_scheme="light")
        expect(page.locator(".plot .scatterlayer path.js-line").first).not_to_have_css("stroke", dark[1])
        light = page.evaluate(background), page.evaluate(line)
    assert dark[0] != light[0]
    assert sum(map(int, dark[0].strip("rgb()").split(","))) < 150 < sum(map(int, light[0].strip("rgb()").split(",")))


@pytest.mark.parametrize("address", PAGES)
def test_words_stand_out_from_what_is_behind_them(open_page, address: str):
    """WCAG AA: 4.5 to 1, and 3 to 1 for large words."""
    script = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
    with open_page(address) as page:
        assert page.evaluate(script) == []
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(script) == []


def test_everything_can_be_reached_by_keyboard(open_page):
    with open_page("index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        seen = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.add(
                page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 30)")
            )
        assert {"Plimsoll", "Accuracy", "find", "Act by", "checkout"} <= seen


def test_paper_is_light_and_complete(open_page):
    with open_page("services/checkout.html", scheme="dark") as page:
        draw_all(page)
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        assert len(page.pdf()) > 20_000


@pytest.mark.parametrize("address", ["accuracy.html", "freshness.html", "services/media.html"])
def test_no_table_is_wider_than_paper(open_page, address: str):
    with open_page(address, width=720) as page:
        page.emulate_media(media="print")
        assert page.evaluate(OVERFLOW) == 0
        wide = "[...document.querySelectorAll('table')].filter((t) => t.offsetWidth > t.parentElement.clientWidth + 1)"
        assert page.evaluate(f"{wide}.map((t) => t.caption?.textContent ?? t.textContent.slice(0, 60))") == []
