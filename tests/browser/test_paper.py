"""On paper nothing is lost: every chart reaches as far as on a screen, every table fits, and colours are light."""

import pytest

from tests.browser.test_pages import OVERFLOW, PAGES

pytestmark = pytest.mark.browser
A4_PX = 718  # the width of A4 less its margins at 96 dots an inch
TICKS = """() => {
    const charts = [...document.querySelectorAll('.chart')].filter((chart) => chart.querySelector('.tx'));
    return Object.fromEntries(charts.map((chart) => {
        const last = [...chart.querySelectorAll('.area .tx')].at(-1);
        const box = last.getBoundingClientRect();
        const edge = chart.getBoundingClientRect();
        return [chart.id, [last.textContent, box.width > 0, box.right <= edge.right + 1 && box.left >= edge.left]];
    }));
}"""


@pytest.mark.parametrize("address", PAGES)
def test_each_chart_reaches_as_far_on_paper_as_on_the_screen(open_page, address: str):
    with open_page(address, scheme="dark") as page:
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        on_screen = page.evaluate(TICKS)
        page.set_viewport_size({"width": A4_PX, "height": 1000})
        page.emulate_media(media="print")
        on_paper = page.evaluate(TICKS)
        assert on_paper == {chart: [text, True, True] for chart, (text, *_) in on_screen.items()}
        assert not page.locator("nav").is_visible()
        assert len(page.pdf(format="A4")) > 10_000


def test_a_chart_that_plotly_drew_is_a_picture_again_on_paper(open_page):
    with open_page("services/checkout.html") as page:
        page.locator("#day-1").get_by_role("button", name="Explore").click()
        page.locator("#day-1 .plot.drawn").wait_for(timeout=30_000)
        page.emulate_media(media="print")
        assert page.locator("#day-1 .area").is_visible()
        assert not page.locator("#day-1 .live").is_visible()


def test_the_head_of_a_table_that_goes_on_overleaf_is_words_and_no_buttons(open_page):
    """Chromium paints no button of a head that it repeats."""
    with open_page("accuracy.html") as page:
        button = page.locator("thead button").first
        assert button.is_visible()
        page.emulate_media(media="print")
        assert button.evaluate("(each) => getComputedStyle(each).display") == "contents"


@pytest.mark.parametrize("address", PAGES)
def test_no_word_of_a_table_is_broken_on_paper_but_in_names_and_prose(open_page, address: str):
    """A cell as wide as its longest word: `servic-e` was the case of a state."""
    torn = """[...document.querySelectorAll('.scroll td:not(.long), .scroll thead th')].filter((cell) => {
        if (cell.querySelector('code')) return false;
        const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let node = words.nextNode(); node; node = words.nextNode()) {
            for (const match of node.data.matchAll(/[a-z]{3,}/gi)) {
                const range = document.createRange();
                range.setStart(node, match.index);
                range.setEnd(node, match.index + match[0].length);
                if (range.getClientRects().length > 1) return true;
            }
        }
        return false;
    }).map((cell) => cell.textContent)"""
    with open_page(address, width=A4_PX) as page:
        page.emulate_media(media="print")
        assert page.evaluate(torn) == []


@pytest.mark.parametrize("address", PAGES)
def test_no_table_is_wider_than_paper(open_page, address: str):
    with open_page(address, width=A4_PX) as page:
        page.emulate_media(media="print")
        assert page.evaluate(OVERFLOW) == 0
        wide = "[...document.querySelectorAll('table')].filter((t) => t.offsetWidth > t.parentElement.clientWidth + 1)"
        assert page.evaluate(f"{wide}.map((t) => t.caption?.textContent ?? t.textContent.slice(0, 60))") == []


def test_a_table_that_was_narrowed_is_printed_as_it_is_narrowed_and_whole(open_page):
    with open_page("index.html#services.q=discovery") as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#services tbody tr").count() == 2
