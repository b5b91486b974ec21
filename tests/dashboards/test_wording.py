"""How numbers are said."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.words import wording
from dashboards.words.wording import DASH, MINUS, THIN


@pytest.mark.parametrize(
    "say", [wording.money, wording.rate, wording.amount, wording.count, wording.percent, wording.change, wording.age]
)
def test_what_is_not_known_is_a_dash_and_never_zero(say):
    assert say(None) == DASH
    assert say(float("nan")) == DASH
    assert say(0) != DASH


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0.00"),
        (Decimal("0.0000001"), "<0.01"),
        (Decimal("-0.0000001"), f"{MINUS}<0.01"),
        (12.345, "12.35"),
        (999.994, "999.99"),
        (999.999, "1,000"),
        (Decimal("1234567.89"), "1,234,568"),
        (-125.5, f"{MINUS}125.50"),
    ],
)
def test_money_has_cents_only_where_they_matter(value, said: str):
    assert wording.money(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.8, "0.8"),
        (1234, f"1.234{THIN}k"),
        (12_345_678, f"12.35{THIN}M"),
        (2e10, f"20{THIN}G"),
        (-1500, f"{MINUS}1.5{THIN}k"),
    ],
)
def test_amounts_have_four_digits_and_a_letter(value, said: str):
    assert wording.amount(value) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (0, f"0{THIN}%"),
        (0.001, f"<1{THIN}%"),
        (0.999, f">99{THIN}%"),
        (0.994, f"99{THIN}%"),
        (1, f"100{THIN}%"),
        (1.234, f"123{THIN}%"),
        (-0.12, f"{MINUS}12{THIN}%"),
    ],
)
def test_a_small_share_is_not_said_to_be_none_nor_a_large_one_to_be_all(ratio, said: str):
    assert wording.percent(ratio) == said


@pytest.mark.parametrize(
    ("ratio", "said"), [(0.021, "+2.1"), (-0.021, f"{MINUS}2.1"), (0.00001, "±0.0"), (-0.0, "±0.0")]
)
def test_a_change_has_its_sign(ratio, said: str):
    assert wording.change(ratio, 1) == f"{said}{THIN}%"


def test_a_price_keeps_its_digits_however_small():
    assert wording.rate(0.0001234) == "0.0001234"
    assert wording.rate(1234.5) == "1,234"


def test_dates_say_their_month():
    assert wording.day(date(2026, 12, 7)) == "7 Dec 2026"
    assert wording.month(date(2026, 12, 1)) == "December 2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.5, "0.5 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (86_460, "24 h 1 min")],
)
def test_a_duration_is_said_in_the_units_that_it_has(seconds: float, words: str):
    assert wording.seconds(seconds).replace(THIN, " ") == words
