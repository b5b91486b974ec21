"""A real Chromium, and the site of the made-up estate as files and behind a server."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.site import render_site
from data.warehouse import open_warehouse
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.dashboards.estate import make_estate


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browsed")
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con)
    with duckdb.connect(str(folder / "plimsoll.duckdb"), read_only=True) as con:
        render_site(con, folder / "site")
    return folder / "site"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, site: Path, served: str) -> Callable[..., object]:
    """Return a way to open a page that fails where the page complains or asks for anything outside."""

    @contextmanager
    def opened(address: str, *, over: str = "file", width: int = 1440, scheme: str = "light") -> Iterator[Page]:
        start = site.as_uri() if over == "file" else served
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "requestfailed",
            lambda request: None if request.failure == "net::ERR_ABORTED" else complaints.append(request.url),
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((start, "data:", "blob:")) else complaints.append(request.url)
            ),
        )
        try:
            page.goto(f"{start}/{address}")
            yield page
        finally:
            context.close()
        assert complaints == []

    return opened
