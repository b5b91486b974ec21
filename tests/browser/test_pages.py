"""What a reader sees and does, in a real Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboards.pages import PAGES as KINDS
from dashboards.slugs import slug
from tests.browser.scripts import script
from tests.dashboards.estate import HOSTILE

pytestmark = pytest.mark.browser

SINGLES = tuple(page.file for page in KINDS)
PAGES = (*SINGLES, "services/checkout.html", "services/only-cost.html", "teams/payments.html")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("over", ["file", "http"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_are_whole_at_once_and_ask_for_nothing_outside(open_page, address: str, over: str):
    with open_page(address, over=over) as page:
        plots = page.locator(".plot")
        for k in range(plots.count()):
            assert plots.nth(k).locator(".area path").count() >= 1
            assert plots.nth(k).locator(".area .tx").count() >= 1
        assert page.evaluate("typeof window.Plotly") == "undefined"
        for view in page.locator("main table, main .empty, main .plot").all()[:3]:
            assert view.is_visible() or page.locator("details").count()


@pytest.mark.parametrize("over", ["file", "http"])
@pytest.mark.parametrize(
    ("address", "chart"),
    [
        ("index.html", "spend-1"),
        ("services/search.html", "day-1"),
        ("why.html", "waterfall-1"),
        ("commitments.html", "regret-1"),
    ],
)
def test_a_chart_that_is_touched_is_taken_over_by_plotly(open_page, address: str, chart: str, over: str):
    with open_page(address, over=over) as page:
        figure = page.locator(f"#{chart}")
        figure.get_by_role("button", name="Explore").click()
        expect(figure.locator(".plot")).to_have_class(re.compile(r"\bdrawn\b"), timeout=30_000)
        assert figure.locator("svg.main-svg").count() >= 1
        assert not figure.locator(".area").is_visible()
        ticks = [text for text in figure.locator(".xtick text").all_text_contents() if text]
        assert ticks[-1] == figure.locator(".area .tx").last.text_content()


def test_a_mouse_that_rests_on_a_chart_wakes_it_and_no_other(open_page):
    with open_page("services/checkout.html") as page:
        page.locator("#day-1 .plot").hover()
        expect(page.locator("#day-1 .plot")).to_have_class(re.compile(r"\bdrawn\b"), timeout=30_000)
        assert page.locator(".plot.drawn").count() == 1


def test_no_name_does_anything_but_be_read(open_page):
    with open_page("index.html") as page:
        links = {
            service: page.locator("#services tbody")
            .get_by_role("link", name=service, exact=True)
            .first.get_attribute("href")
            for service in HOSTILE
        }
        start = page.url.removesuffix("index.html")
        for service, link in links.items():
            page.goto(start + link)
            assert page.locator("h1").text_content() == service
        page.locator(".chart").first.get_by_role("button", name="Explore").click()
        expect(page.locator(".plot.drawn")).to_have_count(1, timeout=30_000)


@pytest.mark.parametrize("address", [*PAGES, f"services/{slug('x' * 300)}.html"])
def test_nothing_is_wider_than_the_screen(open_page, address: str):
    with open_page(address, width=390) as page:
        for width in (390, 800, 1000, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOW) == 0, width


def test_every_mark_of_a_limit_lies_in_its_lane(open_page):
    outside = """() => [...document.querySelectorAll('.track i')].filter((mark) => {
        const [lane, box] = [mark.closest('.lane').getBoundingClientRect(), mark.getBoundingClientRect()];
        return box.top < lane.top || box.bottom > lane.bottom;
    }).length"""
    with open_page("capacity.html") as page:
        assert page.locator(".track .span.act").count() >= 1
        assert page.locator(".track .due").count() >= 1
        assert page.evaluate(outside) == 0


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", ["index.html", "services/search.html", "accuracy.html", "why.html", "spend.html"])
def test_no_word_of_a_picture_is_cut_off_or_lies_on_another(open_page, address: str, width: int):
    with open_page(address, width=width) as page:
        assert page.evaluate(script("chart_words")) == []


def test_where_plotly_is_missing_the_picture_stays(browser, site: Path):
    context = browser.new_context()
    context.route("**/plotly-*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    page.locator("#spend-1").get_by_role("button", name="Explore").click()
    expect(page.locator("#spend-1 .plot")).to_have_class(re.compile(r"\bfailed\b"))
    expect(page.locator("#spend-1 .area")).to_be_visible()
    context.close()


def test_without_scripts_every_table_is_there(browser, site: Path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/accuracy.html")
    assert page.locator("main table tbody tr").count() > 20
    assert page.locator(".area svg").count() >= 2
    context.close()


def test_dark_is_dark_in_pages_and_pictures_and_follows_the_system(open_page):
    line = "getComputedStyle(document.querySelector('#day-1 .area path[style*=stroke]')).stroke"
    background = "getComputedStyle(document.body).backgroundColor"
    with open_page("services/checkout.html", scheme="dark") as page:
        dark = page.evaluate(background), page.evaluate(line)
        page.emulate_media(color_scheme="light")
        light = page.evaluate(background), page.evaluate(line)
    assert dark[0] != light[0]
    assert dark[1] != light[1]
    assert sum(map(int, dark[0].strip("rgb()").split(","))) < 150 < sum(map(int, light[0].strip("rgb()").split(",")))


def test_a_chart_of_plotly_follows_the_system_too(open_page):
    stroke = "getComputedStyle(document.querySelector('#hour-1 .scatterlayer path.js-line')).stroke"
    with open_page("services/checkout.html", scheme="dark") as page:
        page.locator("#hour-1").get_by_role("button", name="Explore").click()
        expect(page.locator("#hour-1 .plot")).to_have_class(re.compile(r"\bdrawn\b"), timeout=30_000)
        dark = page.evaluate(stroke)
        page.emulate_media(color_scheme="light")
        expect(page.locator("#hour-1 .scatterlayer path.js-line").first).not_to_have_css("stroke", dark)


def test_everything_can_be_reached_by_keyboard(open_page):
    with open_page("index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        seen = set()
        for _ in range(90):
            page.keyboard.press("Tab")
            seen.add(
                page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 30)")
            )
        assert {"Plimsoll", "Accuracy", "services-find", "Act by", "checkout", "Explore", "SQL"} <= seen
