"""A month's change of cost as a sentence: "+412 USD: Databases in eu-west-1 is 15 % dearer since 1 Oct; ..."."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

LEAST_SHARE = Decimal("0.05")  # of all that moved: what is worth a clause
LEAST_REST = Decimal("0.01")  # of all that moved: more than this left over by the clauses is said, so that they add up
CENTS = 100  # below it cents are said
MINUS = "\u2212"
STEPS = ("price", "efficiency", "mix", "volume", "restatement", "discount")
LEAST_RATIO = 0.01  # of a price, to be called dearer or cheaper
Cell = tuple[object, ...]
Amounts = Mapping[str, Decimal]


@dataclass(frozen=True)
class Told:
    """What the sentence is about: amounts in the currency, requests before and after, days before and after."""

    key: tuple[str, str]
    currency: str
    amounts: Amounts
    requests: tuple[float, float] | None
    days: tuple[int, int]


def in_words(
    told: Told, cells: Sequence[tuple[Cell, Amounts, float | None]], since: Mapping[Cell, pd.Timestamp]
) -> str:
    """Return the sentence: what moved most comes first; cells are those that moved most, with their price ratio."""
    amounts = told.amounts
    moved = amounts["cost_after"] - amounts["cost_before"]
    said = sorted(_clauses(told, cells, since), key=lambda pair: -abs(pair[0]))
    clauses = [clause for _, clause in said]
    rest = moved - sum((amount for amount, _ in said), Decimal(0))
    if clauses and abs(rest) >= LEAST_REST * _all_that_moved(amounts):
        clauses.append(f"the rest {_effect(rest, told.currency)}")
    longer = told.days[1] - told.days[0]
    if longer and clauses:
        clauses.append(f"{told.days[1]} days after {told.days[0]}")
    return f"{_signed(moved)} {told.currency}: {'; '.join(clauses) or 'nothing moved by much'}"


def _clauses(
    told: Told, cells: Sequence[tuple[Cell, Amounts, float | None]], since: Mapping[Cell, pd.Timestamp]
) -> list[tuple[Decimal, str]]:
    amounts, currency = told.amounts, told.currency
    least = LEAST_SHARE * _all_that_moved(amounts)
    mean = (amounts["list_before"] + amounts["list_after"]) / 2
    clauses = [_price(cell, of["price"], ratio, currency, since) for cell, of, ratio in cells]
    said = [clause for clause in clauses if clause is not None]
    rest = amounts["price"] - sum((amount for amount, _ in said), Decimal(0))
    said.append((rest, f"{'other' if said else 'list'} prices {_effect(rest, currency)}"))
    if told.requests:
        more = told.requests[1] / told.requests[0] - 1 if told.requests[0] else 0.0
        said.append((amounts["volume"], f"requests {_change(more)} {_effect(amounts['volume'], currency)}"))
        use = _relative(amounts["efficiency"], mean)
        said.append(
            (amounts["efficiency"], f"use per request {_change(use)} {_effect(amounts['efficiency'], currency)}")
        )
    else:
        use = _relative(amounts["volume"], mean)
        said.append((amounts["volume"], f"use {_change(use)} {_effect(amounts['volume'], currency)}"))
    said.append((amounts["mix"], f"use that moved between regions {_effect(amounts['mix'], currency)}"))
    said.append((amounts["restatement"], f"corrections {_effect(amounts['restatement'], currency)}"))
    less = "smaller" if amounts["discount"] > 0 else "larger"
    said.append((amounts["discount"], f"{less} discounts {_effect(amounts['discount'], currency)}"))
    return [(amount, clause.replace("%", " %")) for amount, clause in said if amount and abs(amount) >= least]


def _all_that_moved(amounts: Amounts) -> Decimal:
    """Return the sum of every step, whichever way it went."""
    return sum((abs(amounts[name]) for name in STEPS), Decimal(0))


def _relative(change: Decimal, mean: Decimal) -> float:
    """Return a change as a ratio of what was before, from its ratio of the mean of before and after."""
    half = float(change / mean) / 2 if mean else 0.0
    return 2 * half / (1 - half) if half < 1 else 0.0


def _price(
    cell: Cell, amount: Decimal, ratio: float | None, currency: str, since: Mapping[Cell, pd.Timestamp]
) -> tuple[Decimal, str] | None:
    if ratio is None or abs(ratio) < LEAST_RATIO or not amount:
        return None
    product, region, _ = cell
    where = f"{product} in {region}" if region else str(product)
    begins = since.get(cell)
    date = f" since {begins.day} {begins:%b}" if begins is not None else ""
    return (
        amount,
        f"{where} is {abs(ratio):.0%} {'dearer' if ratio > 0 else 'cheaper'}{date} ({_signed(amount)} {currency})",
    )


def _effect(amount: Decimal, currency: str) -> str:
    return f"{'cost' if amount > 0 else 'saved'} {_size(amount)} {currency}"


def _size(amount: Decimal) -> str:
    return f"{abs(amount):,.{0 if abs(amount) >= CENTS else 2}f}"


def _signed(amount: Decimal) -> str:
    size = _size(amount)
    return "no change in" if size == "0.00" else f"{'+' if amount > 0 else MINUS}{size}"


def _change(ratio: float) -> str:
    said = f"{abs(ratio):.0%}"
    return f"{'±' if said == '0%' else '+' if ratio > 0 else MINUS}{said}"
