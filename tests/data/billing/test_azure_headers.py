"""Azure exports in other languages: what they say themselves is read, the rest is asked for."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from data.errors import InputError
from tests.data.billing.loading import load, totals
from tests.data.billing.test_azure_gcp import azure, csv

# German, Spanish and French as users published them (see data/billing/azure_headers.py); the Japanese is made up.
GERMAN = (
    "Abonnement-GUID (SubscriptionGuid),UsageDateTime (UsageDateTime),Kategorie der Verbrauchseinheit (MeterCategory),"
    "UsageQuantity (UsageQuantity),PreTaxCost (PreTaxCost),Tags (Tags)"
)
SPANISH = (
    "Ubicación de los recursos (SubscriptionGuid),UsageDateTime (UsageDateTime),Categoría del medidor (MeterCategory),"
    "UsageQuantity (UsageQuantity),PreTaxCost (PreTaxCost),Etiquetas (Tags)"
)
FRENCH = (
    "Guid d'abonnement (SubscriptionGuid),Date (Date),Catégorie du compteur (MeterCategory),"
    "Quantité consommée (ConsumedQuantity),Coût (Cost),Balises (Tags)"
)
JAPANESE = "甲 (SubscriptionId),乙 (Date),丙 (MeterCategory),丁 (Quantity),戊 (CostInBillingCurrency),己 (Tags)"
LINE = 's1,2026-10-31,Storage,2,1.5,"""service"": ""checkout"""'


@pytest.mark.parametrize("header", [GERMAN, SPANISH, FRENCH, JAPANESE], ids=["de", "es", "fr", "ja"])
def test_a_header_that_says_its_english_name_is_read_in_any_language(con, tmp_path, header) -> None:
    csv(tmp_path / "export.csv", f"{LINE},EUR", header=f"{header},x (BillingCurrency)")
    load(con, azure(tmp_path))
    found = con.execute(
        "select charge_date, account, product, owner_tag, consumed_quantity, billed_cost, currency from charge_day"
    ).fetchall()
    assert found == [(date(2026, 10, 31), "s1", "Storage", "checkout", 2.0, Decimal("1.5"), "EUR")]


def test_a_preamble_before_the_header_is_passed_over(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "", GERMAN, LINE, LINE, header="Nutzungsdetails")
    load(con, azure(tmp_path, currency="EUR"))
    assert totals(con)[0][3:5] == (2, 3)


@pytest.mark.parametrize(
    "header",
    [
        "date,costInBillingCurrency,billingCurrency",
        "DATE,COST,CURRENCY",
        " Date , Cost In Billing Currency , Billing Currency Code ",
        "Usage_Date,PreTaxCost,currency",
    ],
)
def test_case_and_spacing_and_the_agreements_names_do_not_matter(con, tmp_path, header) -> None:
    csv(tmp_path / "export.csv", "10/31/2026,1.5,EUR", header=header)
    load(con, azure(tmp_path))
    assert totals(con)[0][4] == Decimal("1.5")


RETYPED = "Datum;Kosten in Abrechnungswährung;Abrechnungswährung"


def test_other_headers_are_one_clear_error_that_says_what_to_do(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "31.10.2026;1,5;EUR", header=RETYPED)
    with pytest.raises(InputError, match=r'column Date is missing; found Datum.*columns = \{ "its name" = "Date" \}'):
        load(con, azure(tmp_path, delimiter=";"))


def test_the_configuration_says_what_other_headers_numbers_and_dates_mean(con, tmp_path) -> None:
    csv(
        tmp_path / "export.csv",
        "31.10.2026;1.234,56;EUR",
        "01.10.2026;-0,5;EUR",
        "01.10.2026;1E-06;EUR",
        header=RETYPED,
    )
    says = {"Datum": "Date", "KOSTEN IN  ABRECHNUNGSWÄHRUNG": "Cost", "Abrechnungswährung": "Currency"}
    load(con, azure(tmp_path, delimiter=";", columns=says, decimal=",", date_format="%d.%m.%Y"))
    found = con.execute("select charge_date, billed_cost from charge_day order by all").fetchall()
    assert found == [
        (date(2026, 10, 1), Decimal("-0.499999")),
        (date(2026, 10, 31), Decimal("1234.56")),
    ]


@pytest.mark.parametrize(
    ("line", "keys", "message"),
    [
        ('2026-10-31,"1,5"', {}, "BilledCost holds 1,5, want a number"),
        ("2026-10-31,1.5", {"decimal": ","}, r'BilledCost holds 1.5 \(decimal = ","\), want a number'),
        ('2026-10-31,"0,001.5"', {"decimal": ","}, "BilledCost holds 0,001.5"),
        ("31.10.2026,1", {}, "PeriodStart holds 31.10.2026, want a time.*`date_format`"),
        ("10/31/2026,1", {"date_format": "%d/%m/%Y"}, "PeriodStart holds 10/31/2026"),
    ],
)
def test_a_number_or_a_date_in_another_form_than_said_stops_the_load(con, tmp_path, line, keys, message) -> None:
    csv(tmp_path / "export.csv", f"{line},EUR", header="Date,Cost,Currency")
    with pytest.raises(InputError, match=message):
        load(con, azure(tmp_path, **keys))
    assert totals(con) == []


@pytest.mark.parametrize(
    "cost", ["1.234,5", "1 234,5", "1\u00a0234,5", "1\u202f234,5", "1'234,5", "1234,5", "1,2345E+03"]
)
def test_thousands_may_be_grouped_before_a_decimal_comma(con, tmp_path, cost) -> None:
    csv(tmp_path / "export.csv", f"2026-10-31;{cost};EUR", header="Date;Cost;Currency")
    load(con, azure(tmp_path, delimiter=";", decimal=","))
    assert totals(con)[0][4] == Decimal("1234.5")


def test_a_currency_that_the_files_leave_out_is_said_by_the_configuration(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "2026-10-31,1.5", header="Datum (Date),Kosten (Cost)")
    with pytest.raises(InputError, match="column BillingCurrency is missing"):
        load(con, azure(tmp_path))
    load(con, azure(tmp_path, currency="CHF"))
    assert totals(con)[0][2] == "CHF"


def test_two_columns_of_one_english_name_are_refused(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "2026-10-31,1,2,EUR", header="Date,Kosten (Cost),Cost,Currency")
    with pytest.raises(InputError, match=r"columns 'Kosten \(Cost\)' and 'Cost' are both .*; leave one of them out"):
        load(con, azure(tmp_path))


def test_a_configured_name_that_the_files_do_not_have_is_reported(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "2026-10-31,1,EUR,x", header="Date,Cost,Currency,Etiketten")
    load(con, azure(tmp_path, columns={"Etikette": "Tags"}))
    reasons = {reason for (reason,) in con.execute("select reason from input_issue").fetchall()}
    assert "columns names 'Etikette', which the files do not have" in reasons


def test_a_date_format_that_is_none_is_refused_in_the_configuration() -> None:
    with pytest.raises(ValidationError, match=r"'%Q': .*; want a form such as %d.%m.%Y"):
        azure("bills", date_format="%Q")


def test_a_name_that_is_none_of_azures_is_refused_in_the_configuration() -> None:
    with pytest.raises(ValidationError, match="'Kosten' = 'Costs': no column of Azure that is read; want one of Date"):
        azure("bills", columns={"Kosten": "Costs"})


def test_a_bill_is_read_again_where_the_configuration_says_it_means_something_else(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "2026-10-31,1.500,EUR", header="Date,Cost,Currency")
    load(con, azure(tmp_path))
    load(con, azure(tmp_path, decimal=","), day=1)
    assert [row[4] for row in totals(con)] == [1500]
    assert load(con, azure(tmp_path, decimal=","), day=2).lines == 0
