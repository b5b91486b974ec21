"""The report of a month as PDF: its page is made of the published snapshot and printed by a headless Chromium."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dashboards.site import render_page
from data.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TIMEOUT_S = 120


def write_report(published: Path, period: date, out: Path) -> Path:
    """Write the report of the month that starts on `period`; return the file.

    A name that ends in .html gets the page with what it needs beside it. Raises InputError where there is no browser
    for a PDF, or nothing is published.
    """
    snapshot = published / "snapshot.duckdb"
    if not snapshot.exists():
        raise InputError(f"{snapshot}: no such file; run plimsoll night to publish one")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if out.suffix != ".html" and browser is None:
        raise InputError(f"no browser for {out}: install chromium, or give --out a name that ends in .html")
    with TemporaryDirectory() as aside, duckdb.connect(str(snapshot), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        folder = out.parent if out.suffix == ".html" else Path(aside)
        page = render_page(con, folder, "report.html", asked=period)
        if out.suffix == ".html":
            return page.replace(out)
        _print(str(browser), page, out.resolve(), Path(aside) / "profile")
    return out


def _print(browser: str, page: Path, out: Path, profile: Path) -> None:
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--no-sandbox",  # it reads one file of our own
        "--disable-background-networking",
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={out}",
        page.as_uri(),
    ]
    out.unlink(missing_ok=True)
    printed = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 - a browser of this machine, a page of ours
    if not out.exists():
        said = printed.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise InputError(f"{browser} could not print {page.name} to {out}: {said[0]}")
