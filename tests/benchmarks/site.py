"""Seconds of CPU and sizes of the pages of many services, and what a reader waits for in a browser.

    python -m tests.benchmarks.site [SERVICES ...]

The estate is the one that the tests of the pages use, with as many services as asked and 30 days of load. First paint
and time to interactive (the table of services can be searched) are of the front page opened as a file; a key stroke is
from the letter to the next frame. Prints a markdown table.
"""

import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
from playwright.sync_api import Page, sync_playwright

from dashboards.site import render_site
from data.snapshot import write_snapshot
from data.warehouse import open_warehouse
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.dashboards.estate import make_estate

SIZES = (100, 1000, 5000)
DAYS = 30
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
READY = "performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart"
KEY = """async () => {
    const input = document.querySelector('#services-find');
    const waits = [];
    for (const text of ['s', 'sv', 'svc', 'svc-0', 'svc-00', 'svc-001', '', 'x', '']) {
        const start = performance.now();
        input.value = text;
        input.dispatchEvent(new Event('input', {bubbles: true}));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        waits.push(performance.now() - start);
    }
    return Math.max(...waits);
}"""


def main(sizes: tuple[int, ...]) -> None:
    """Print a row for each number of services."""
    print("| services | build, s of CPU | again, s of CPU | front page, KB | rows beside it, KB "
          "| largest service page, KB | first paint, s | interactive, s | key stroke, ms |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for size in sizes:
        with TemporaryDirectory() as folder:
            print(_row(size, Path(folder)), flush=True)


def _row(size: int, folder: Path) -> str:
    snapshot, site = folder / "snapshot.duckdb", folder / "site"
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con, _services(size), days=DAYS)
        write_snapshot(con, snapshot)
    seconds = _build(snapshot, site)
    again = _build(snapshot, folder / "again", previous=site)
    beside = site / "assets" / "rows.js"
    sizes = (
        (site / "index.html").stat().st_size,
        beside.stat().st_size if beside.exists() else 0,
        max(file.stat().st_size for file in (site / "services").glob("*.html")),
    )
    paint, ready, key = _waits(site / "index.html")
    kb = " | ".join(f"{each / 1000:,.0f}" for each in sizes)
    return f"| {size:,} | {seconds:.1f} | {again:.1f} | {kb} | {paint / 1000:.2f} | {ready / 1000:.2f} | {key:.0f} |"


def _build(snapshot: Path, site: Path, previous: Path | None = None) -> float:
    with duckdb.connect(str(snapshot), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        start = _cpu()
        render_site(con, site, previous=previous)
        return _cpu() - start


def _cpu() -> float:
    """Return the seconds of CPU of this process and of those that have helped it."""
    return sum(os.times()[:4])


def _services(size: int) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (f"svc-{n:05d}", n % 3, f"team {n % 40}", 1000.0 + n, 0.2 + n % 50 / 100, 0.8, n % 7 / 50, 0.05, 5.0 + n % 90,
         "USD", 4.0, 400.0, n % 9 == 0)
        for n in range(size)
    )  # fmt: skip


def _waits(file: Path) -> tuple[float, float, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        found = [_once(browser.new_page(viewport={"width": 1440, "height": 900}), file) for _ in range(3)]
        browser.close()
    paint, ready, key = (median(each) for each in zip(*found, strict=True))
    return paint, ready, key


def _once(page: Page, file: Path) -> tuple[float, float, float]:
    page.goto(file.as_uri())
    page.wait_for_selector("#services .shown:not(:empty)", state="attached")
    page.wait_for_timeout(200)
    found = page.evaluate(PAINT), page.evaluate(READY), page.evaluate(KEY)
    page.close()
    return found


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
