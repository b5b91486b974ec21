"""What a bill is worth: invoices, finality, currencies, days that are settled."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.billing.allocation import Allocation, Currency, Invoice, build_cost
from data.catalog import store_catalog
from data.checks import read_checks, run_checks
from data.errors import ConfigError
from tests.data.billing.charged import AS_OF, build, charges, requests, service


def test_several_invoices_of_a_period_are_added_and_one_of_nothing_is_shown(con) -> None:
    charges(con, {"cost": Decimal(10), "billing_period": date(2026, 9, 1)})
    invoices = [
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal(7)),
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal(3)),
        Invoice(source="aws", billing_period=date(2026, 9, 1), currency="EUR", total=Decimal(5)),
    ]
    build_cost(con, Allocation(), invoices, None, AS_OF)
    found = con.execute("select currency, lines, billed_cost, invoice_difference from bill order by all").fetchall()
    assert found == [("EUR", 0, 0, -5), ("USD", 1, 10, 0)]
    run_checks(con, AS_OF, read_checks())
    ((rows,),) = con.execute("select rows from check_result where name = 'bill_differs_from_invoice'").fetchall()
    assert rows == 1


def test_a_difference_from_the_invoice_is_shown(con) -> None:
    charges(
        con, {"cost": Decimal("100.004"), "billing_period": date(2026, 9, 1)}, {"billing_period": date(2026, 10, 1)}
    )
    invoices = [
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal("100.00")),
        Invoice(source="aws", billing_period=date(2026, 10, 1), total=Decimal("1.50")),
    ]
    build_cost(con, Allocation(), invoices, None, AS_OF)
    assert con.execute("select finality, invoice_difference from bill order by billing_period").fetchall() == [
        ("final", Decimal("0.004")),
        ("final", Decimal("-0.5")),
    ]
    run_checks(con, AS_OF, read_checks())
    found = con.execute("select severity, rows from check_result where name = 'bill_differs_from_invoice'").fetchall()
    assert found == [("warn", 1)]


@pytest.mark.parametrize(
    ("as_of", "without_invoice", "wanted"),
    [
        (date(2026, 11, 30), 1, "open"),
        (date(2026, 12, 1), 1, "closed"),
        (date(2026, 12, 15), 1, "closed"),
        (date(2026, 12, 16), 1, "final"),
        (date(2026, 12, 2), 0, "final"),
    ],
)
def test_a_period_is_open_then_closed_then_final(con, as_of, without_invoice, wanted) -> None:
    charges(con, {})
    con.execute("update billing_load set lines_without_invoice = $lines", {"lines": without_invoice})
    build_cost(con, Allocation(), (), None, as_of)
    assert con.execute("select finality from bill").fetchall() == [(wanted,)]


def test_nothing_is_converted_without_rates(con, tmp_path: Path) -> None:
    store_catalog(con, {"a": service(accounts=["1"])}, {}, AS_OF)
    charges(con, {"account": "1"}, {"account": "1", "currency": "EUR", "cost": Decimal(10)})
    requests(con, a=1e6)
    build(con)
    assert con.execute("select cost_usd from unit_cost_day").fetchall() == [(1,)]
    rates = tmp_path / "rates.csv"
    rates.write_text("date,from,to,rate\n2026-11-01,EUR,USD,1.1\n2026-11-13,EUR,USD,9\n2026-11-01,GBP,USD,7\n")
    build(con, currency=Currency(rates=rates))
    assert con.execute("select cost_usd from unit_cost_day").fetchall() == [(12,)]
    assert con.execute(
        "select currency, sum(effective_cost) from cost_service_day group by all order by all"
    ).fetchall() == [
        ("EUR", 10),
        ("USD", 1),
    ]


@pytest.mark.parametrize(
    "row", ["2026-11-01,EUR,USD,0", "yesterday,EUR,USD,1", "2026-11-01,EUR,USD", "2026-11-01,EUR,USD,nan"]
)
def test_a_rate_that_cannot_be_read_names_its_line(con, tmp_path, row) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(f"date,from,to,rate\n2026-10-01,EUR,USD,1.1\n{row}\n")
    with pytest.raises(ConfigError, match=r"rates.csv: line 3: "):
        build_cost(con, Allocation(), (), Currency(rates=rates), AS_OF)


def test_a_day_is_settled_at_the_age_that_the_ledger_has_learnt(con) -> None:
    store_catalog(con, {"a": service(accounts=["1"])}, {}, AS_OF)
    charges(con, *({"account": "1", "charge_date": date(2026, 11, day)} for day in range(1, 20)))
    # Every night since September delivered the month so far; use is whole on the bill only after 4 days.
    first, nights = date(2026, 9, 1), 70
    for number in range(1, nights):
        delivered = first + timedelta(days=number)
        con.execute(
            "insert into billing_load by name select 'aws' as source, date '2026-09-01' as billing_period, "
            "$execution as execution_id, 'USD' as currency, 'f' as fingerprint, 1 as files, 1 as lines, "
            "1 as billed_cost, $delivered::date as last_charge_date, $delivered as delivered_at, "
            "$delivered as loaded_at, false as is_current",
            {"execution": str(number), "delivered": datetime.combine(delivered, datetime.min.time())},
        )
        con.executemany(
            "insert into billing_load_day values ('aws', '2026-09-01', ?, 'AWS', 'USD', ?, ?)",
            [
                (str(number), first + timedelta(days=day), min(10, 2.5 * (number - day)))
                for day in range(min(number, 30))
            ],
        )
    build(con)
    ((settled,),) = con.execute("select max(date) from cost_service_day where is_settled").fetchall()
    assert settled == date(2026, 11, 15)  # delivered on the 19th
    low = con.execute("select age_days, ratio from completeness where age_days in (1, 3, 4) order by all").fetchall()
    assert low == [(1, 0.25), (3, 0.75), (4, 1.0)]
