"""Everybody can read the pages: axe finds nothing, words stand out from what is behind them."""

from importlib.resources import files

import pytest

from tests.browser.scripts import script
from tests.browser.test_pages import PAGES

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) =>
    violations.map(({id, nodes}) => `${id}: ${nodes.length}, e.g. ${nodes[0].html.slice(0, 160)}`))"""


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_words_stand_out_wide_and_narrow_light_and_dark(browser, site, address: str):
    """WCAG AA: 4.5 to 1, and 3 to 1 for large words, also where axe cannot tell what is behind them."""
    # The page's own policy forbids foreign scripts; axe is one.
    context = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{address}")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.evaluate(AXE)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(RUN) == [], (width, scheme)
            assert page.evaluate(script("contrast")) == [], (width, scheme)
    context.close()


def test_no_state_is_told_by_colour_alone(open_page):
    with open_page("index.html") as page:
        marks = page.locator(".level, .state, .grade, .tag").all_text_contents()
        assert marks
        assert all(any(letter.isalpha() for letter in mark) for mark in marks)
