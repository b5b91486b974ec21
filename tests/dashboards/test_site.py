"""The site as a whole: complete, safe against every name, and in agreement with the tables."""

import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from dashboards.charts.drawing import script_json
from dashboards.pages import PAGES
from dashboards.pages import index as index_page
from dashboards.site import render_site
from dashboards.templating import wrap
from dashboards.words.wording import money
from data.warehouse import open_warehouse
from tests.dashboards.estate import AS_OF, HOSTILE, make_estate
from tests.warehouses import new_warehouse

VOID = {"meta", "link", "input", "col", "br", "wbr"}
OURS = {"html", "head", "title", "body", "header", "nav", "main", "footer", "section", "article", "details", "summary"}
OURS |= {
    "a",
    "abbr",
    "b",
    "button",
    "caption",
    "code",
    "colgroup",
    "div",
    "fieldset",
    "figcaption",
    "figure",
    "h1",
    "h2",
}
OURS |= {"dd", "defs", "details", "dl", "dt", "ol", "pattern", "pre"}
OURS |= {"h3", "i", "label", "legend", "li", "p", "script", "small", "span", "strong", "table", "tbody", "td", "th"}
OURS |= {"thead", "time", "tr", "ul", "svg", "circle", "path", "polyline"}


class Page(HTMLParser):
    """What a page holds: elements, links, text; and whether every element is closed."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in {"href", "src", "data-plotly"} and value]
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {str(file.relative_to(site)): Page(file) for file in site.rglob("*.html")}


def test_every_service_has_a_page(site: Path, con: duckdb.DuckDBPyConnection):
    services = con.execute("select service from service union select service from cost_service_day").fetchall()
    assert len(list((site / "services").glob("*.html"))) == len(services)


def test_every_link_leads_to_a_file_of_the_site(site: Path, pages: dict[str, Page]):
    for name, page in pages.items():
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids
                continue
            target = ((site / name).parent / unquote(re.split("[?#]", link)[0])).resolve()
            assert target.is_relative_to(site.resolve()), (name, link)
            assert target.is_file(), (name, link)


def test_nothing_comes_from_outside(site: Path):
    ours = [file for file in site.rglob("*") if file.is_file() and not file.name.startswith("plotly-")]
    for file in ours:
        text = file.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        text = re.sub(r"(&#34;|O(&#39;|')Reilly).*?https://example\.org/", "", text)  # a service is called so
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text, re.IGNORECASE), file


def test_names_bring_no_element_and_no_attribute(pages: dict[str, Page]):
    for name, page in pages.items():
        assert page.elements - OURS - VOID == set(), name
        assert not [attribute for attribute in page.attributes if attribute.startswith("on")], name


@pytest.mark.parametrize("service", HOSTILE)
def test_every_name_is_shown_as_it_is(pages: dict[str, Page], service: str):
    assert service in pages["index.html"].text
    assert [
        name for name, page in pages.items() if name.startswith("services/") and f"{service} · Plimsoll" in page.text
    ]


def test_a_long_name_breaks_after_its_separators_and_is_still_only_text():
    assert wrap("ec2_cpu-24ae8d") == "ec2_<wbr>cpu-<wbr>24ae8d"
    assert wrap("<b>_x") == "&lt;b&gt;_<wbr>x"
    assert wrap("checkout") == "checkout"


def test_no_text_can_end_a_script():
    text = script_json({"</script><!--": "\u2028 & <"})
    assert not re.search(r"[<>&]", text)
    assert json.loads(text) == {"</script><!--": "\u2028 & <"}


def test_figures_are_json_and_hold_no_name(site: Path):
    files = list((site / "figures").rglob("*.js"))
    assert files
    for file in files:
        figures = json.loads(file.read_text("utf-8").removeprefix("plimsollFigures(").removesuffix(");\n"))
        for figure in figures.values():
            texts = {str(trace["name"]) for trace in figure["data"]}
            assert not {
                text for text in texts for name in HOSTILE if name in text and name not in {"a/b", "A/B", "con"}
            }


def test_pages_are_light(site: Path):
    assert max(file.stat().st_size for file in (site / "services").glob("*.html")) < 150_000
    assert (site / "index.html").stat().st_size < 400_000


def test_the_month_is_said_as_the_tables_have_it(pages: dict[str, Page], con: duckdb.DuckDBPyConnection):
    for currency in ("USD", "EUR"):
        usage, tax = con.execute(
            "select sum(effective_cost) filter (where component = 'direct'), "
            "sum(effective_cost) filter (where component = 'tax') "
            "from cost_service_day where currency = $currency and date >= $month",
            {"currency": currency, "month": AS_OF.replace(day=1)},
        ).fetchone()
        assert money(usage) in pages["index.html"].text
        assert money(tax) in pages["index.html"].text


def test_currencies_are_never_added(pages: dict[str, Page], con: duckdb.DuckDBPyConnection):
    (added,) = con.execute(
        "select sum(effective_cost) from cost_service_day where component = 'direct' and date >= $month",
        {"month": AS_OF.replace(day=1)},
    ).fetchone()
    assert money(added) not in pages["index.html"].text


def test_the_forecast_of_the_month_is_what_is_settled_and_what_lies_ahead(con: duckdb.DuckDBPyConnection, pages):
    settled, ahead, week = con.execute(
        "select (select sum(effective_cost)::double from cost_service_day where currency = 'USD' and is_settled "
        "and component = 'direct' and date >= $month), sum(mean) filter (where target_time < $next), "
        "avg(mean) filter (where target_time < $as_of + 7) "
        "from current_forecast where service = '(total)' and metric = 'cost_usd' and grain = 'd'",
        {"month": date(2026, 11, 1), "next": date(2026, 12, 1), "as_of": AS_OF},
    ).fetchone()
    assert money(settled + ahead + 3 * week) in pages["index.html"].text


def test_limits_reached_are_counted_by_their_likely_date(con: duckdb.DuckDBPyConnection, pages: dict[str, Page]):
    for days in (30, 60, 90):
        (likely,) = con.execute(
            "select count(*) from current_headroom where p50_date < $as_of + $days", {"as_of": AS_OF, "days": days}
        ).fetchone()
        assert f"{likely}within {days} days" in pages["index.html"].text


def test_rejected_rows_and_failed_sources_are_told_first(pages: dict[str, Page]):
    text = pages["index.html"].text
    assert text.index("could not be read") < text.index("Spend in USD")
    assert "stamp after as_of" in pages["data.html"].text


def test_backtests_are_called_so(pages: dict[str, Page]):
    assert "backtest" in pages["accuracy.html"].text
    assert "made later from what was known then" in pages["services/checkout.html"].text


def test_what_is_not_known_is_a_dash(pages: dict[str, Page]):
    text = pages["services/only-load.html"].text
    assert "No bill names this service." in text
    assert "0.00 USD" not in text


def test_a_snapshot_without_a_night_gives_empty_pages(tmp_path: Path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        assert render_site(con, tmp_path / "site") == len(PAGES)
    assert "No night has run yet" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_the_same_snapshot_gives_the_same_bytes_whatever_the_chunks(snapshot: Path, site: Path, tmp_path: Path):
    with duckdb.connect(str(snapshot), read_only=True) as con:
        render_site(con, tmp_path, chunk=4)
    for file in site.rglob("*.html"):
        assert (tmp_path / file.relative_to(site)).read_bytes() == file.read_bytes()


def test_rows_beyond_the_first_come_beside_the_front_page(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(index_page, "FIRST_ROWS", 5)
    with duckdb.connect(str(snapshot), read_only=True) as con:
        pages = render_site(con, tmp_path)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    script = (tmp_path / "assets" / "rows.js").read_text(encoding="utf-8")
    later = json.loads(script.removeprefix('plimsollRows("services",').removesuffix(");\n"))
    singles = len(list(tmp_path.glob("*.html"))) + len(list((tmp_path / "teams").glob("*.html")))
    assert index.count('<th scope="row" data-v') == 5
    assert len(later) == pages - singles - 5
    for html, find, tier, values, groups in later:
        assert html.startswith("<tr")
        assert html.endswith("</tr>")
        assert values[0] in find
        assert tier in {"0", "1", "2", "none"}
        assert len(values) == len(groups) == 8
    shutil.rmtree(tmp_path)


def test_on_the_first_of_a_month_the_month_before_is_shown(tmp_path: Path):
    with open_warehouse(tmp_path / "plimsoll.duckdb") as con:
        make_estate(con)
        con.execute("update night set as_of = date '2026-11-01'")
        render_site(con, tmp_path / "site")
    assert "<h1>October 2026</h1>" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
