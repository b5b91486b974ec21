"""Takes the README's pictures: `make pictures`, or `python -m tests.browser.screenshots SITE [SERVICE]`.

Any site does; those in the repository are of `plimsoll demo`.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from dashboards.slugs import slug
from tests.browser.chromium import ARGUMENTS, CHROMIUM

FOLDER = Path(__file__).parents[2] / "dashboards" / "screenshots"


def take(site: Path, service: str) -> None:
    """Write the front page in light and the page of `service` in dark."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for name, address, scheme, height in (
            ("overview", "index.html", "light", 1200),
            ("service", f"services/{slug(service)}.html", "dark", 1000),
        ):
            page = browser.new_page(viewport={"width": 1360, "height": height}, color_scheme=scheme)
            page.goto(f"{site.resolve().as_uri()}/{address}")
            page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "checkout")
