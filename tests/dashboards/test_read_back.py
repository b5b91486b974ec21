"""Pages are read back: what they say is what one row of a table says, on ten pages and for ten figures each."""

import re
from html import unescape
from pathlib import Path

import duckdb
import pytest

from dashboards.words.wording import day, money, percent
from tests.dashboards.estate import AS_OF
from tests.dashboards.test_findings import words

CELL = re.compile(r"<t([dh])(?: scope=\"row\")?(?: class=\"[a-z]+\")?(?: data-v=\"([^\"]*)\")?>(.*?)</t\1>", re.DOTALL)


def table(site: Path, page: str, name: str) -> list[dict[str, str]]:
    """Return a table of a page: by column what it is sorted and downloaded by, else its words."""
    text = (site / page).read_text(encoding="utf-8")
    sheet = text[text.index(f'id="{name}" data-sql=') :]
    sheet = sheet[: sheet.index("</table>")]
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)', sheet)
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", sheet.split("<tbody>")[1], re.DOTALL):
        cells = [value or unescape(re.sub(r"<[^>]+>", "", inner)) for _, value, inner in CELL.findall(row)]
        found.append(dict(zip(heads, cells, strict=True)))
    return found


# A page, a table of it, a column, and what its numbers add up to in the tables.
DEAREST = """
    select sum(usage_cost) from month_cost
    where month = '2026-10-01' and service <> '(total)' and usage_cost is not null
        and (currency, service) in (
            select (currency, service) from month_cost where month = '2026-10-01' and service <> '(total)'
            qualify row_number() over (partition by currency order by usage_cost desc nulls last, service) <= 6
        )"""
MONTHS = """
    select sum(total_cost) from month_cost where service = 'checkout' and month between '2025-11-01' and '2027-02-01'"""
STATEMENT = """
    select 2 * sum(effective_cost) from cost_service_day join service using (service)
    where team = 'payments' and date >= '2026-10-01' and date < '2026-11-01'"""
MOVED = "select sum(cost_after - cost_before) from unit_cost_change where scope = 'service'"
READ = (
    ("accuracy.html", "accuracy-horizon", "Forecasts met", "select sum(points) from forecast_score"),
    ("spend.html", "spend-month", "Effective", "select sum(effective_cost) from cost_day where charge_date < $as_of"),
    ("why.html", "why-mover", "Change", MOVED),
    ("anomalies.html", "anomalies-anomaly", "Impact", "select sum(impact) from current_anomaly"),
    ("budgets.html", "budgets-service", "Budget", "select sum(budget_usd_month) from service"),
    ("capacity.html", "capacity-limit", "Newest peak", "select sum(peak_now) from current_advice"),
    ("unit-cost.html", "unit-cost-status", "28 days", "select sum(unit_cost_28d) * 1e6 from unit_cost_status"),
    ("commitments.html", "commitments-month", "Owned", "select sum(owned_cost) from commitment_month"),
    ("data.html", "data-source", "Rows read", "select sum(rows_read) from source_state where as_of = $as_of"),
    ("report.html", "report-service", "Usage", DEAREST),
    ("services/checkout.html", "service-month", "Total", MONTHS),
    ("teams/payments.html", "team-statement", "Total", STATEMENT),
)


@pytest.mark.parametrize("read", READ, ids=[page for page, *_ in READ])
def test_the_numbers_of_a_page_are_those_of_the_tables(site: Path, con, read: tuple[str, str, str, str]):
    page, name, column, query = read
    rows = table(site, page, name)
    parameters = {"as_of": AS_OF} if "$as_of" in query else {}
    ((expected,),) = con.execute(query, parameters).fetchall()
    shown = sum(float(row[column]) for row in rows if re.fullmatch(r"-?[\d.e+-]+", row[column]))
    assert rows
    assert shown == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize(
    "service", ["checkout", "search", "catalog", "auth", "media", "ads", "ranker", "zurich-ledger", "limit-but-no-load"]
)
def test_the_advice_of_a_service_is_that_of_its_decision_and_contradicts_none(
    site: Path, con: duckdb.DuckDBPyConnection, service: str
):
    text = words(site / "services" / f"{service}.html")
    level, limit, headroom, act_by, p50, planned = con.execute(
        "select level, limit_value, headroom_ratio, act_by, p50_date, planned_date from current_advice "
        "where service = $service and is_first",
        {"service": service},
    ).fetchone()
    said = text[: text.index("Load ")]
    assert ("Nothing to do" in said) == (level == "fine")
    assert ("over the limit" in said) == (level == "over")
    if level != "unknown":
        assert f"limit of {percent(limit)}" in said
    if level in {"act", "late"} and act_by:
        assert day(act_by) in said
    if level == "fine":
        assert headroom >= 0
        assert p50 is None
        assert planned is None


def test_the_front_page_and_a_services_own_say_the_same_sentence(site: Path, con: duckdb.DuckDBPyConnection):
    index = words(site / "index.html")
    for (service,) in con.execute(
        "select distinct service from current_advice where level in ('over', 'late')"
    ).fetchall():
        page = words(site / "services" / f"{service}.html")
        row = index[index.index("Services Service") :]
        assert "over the limit" in page or "act now" in page
        assert service in row


def test_a_month_is_the_same_number_on_every_page(site: Path, con: duckdb.DuckDBPyConnection):
    """So far, by day of use, unsettled days included: one definition, said on three pages."""
    ((usage,),) = con.execute(
        "select sum(usage_cost) from month_cost where service = 'checkout' and currency = 'USD' "
        "and month = '2026-11-01'"
    ).fetchall()
    for page in ("index.html", "services/checkout.html", "teams/payments.html", "budgets.html"):
        assert money(usage) in words(site / page), page


def test_dates_have_one_style(site: Path):
    for file in site.glob("*.html"):
        text = words(file).split("plimsoll sql --config", maxsplit=1)[0]
        assert re.findall(r"\b20\d\d-\d\d-\d\d\b", text) == [], file.name


def test_a_percentage_of_few_is_said_as_a_count(site: Path):
    rows = table(site, "accuracy.html", "accuracy-class")
    text = (site / "accuracy.html").read_text(encoding="utf-8")
    for row in rows:
        if int(row["Series"]) < 10:
            share = float(row["Within ±10 %"])
            assert f">{round(share * int(row['Series']))} of {row['Series']}<" in text
