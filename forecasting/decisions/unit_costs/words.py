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
LEAST_RATIO = 0.01  # of a price, to be called dearer or cheaper; smaller changes are said with a decimal
LEAST_SAID = 0.001
Cell = tuple[object, ...]
Amounts = Mapping[str, Decimal]


@dataclass(frozen=True)
class Told:
    """What the sentence is about: amounts in the currency; before and after requests, days, and weekend days of them.

    Weekend days are told of a month that is running: few days are more or fewer of them.
    """

    key: tuple[str, str]
    currency: str
    amounts: Amounts
    requests: tuple[float, float] | None
    days: tuple[int, int]
    weekend_days: tuple[int, int] | None = None


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
    if told.weekend_days and told.weekend_days[0] != told.weekend_days[1] and clauses:
        clauses.append(f"{told.weekend_days[1]} weekend days in {told.days[1]} after {told.weekend_days[0]}")
    return f"{_signed(moved)} {told.currency}: {'; '.join(clauses) or 'nothing moved by much'}"


def _clauses(
    told: Told, cells: Sequence[tuple[Cell, Amounts, float | None]], since: Mapping[Cell, pd.Timestamp]
) -> list[tuple[Decimal, str]]:
    amounts, currency = told.amounts, told.currency
    least = LEAST_SHARE * _all_that_moved(amounts)
    clauses = [_price(cell, of["price"], ratio, currency, since) for cell, of, ratio in cells]
    said = [clause for clause in clauses if clause is not None]
    rest = amounts["price"] - sum((amount for amount, _ in said), Decimal(0))
    said.append((rest, f"{'other' if said else 'list'} prices {_effect(rest, currency)}"))
    said += _use(told)
    said.append((amounts["mix"], f"use that moved between regions {_effect(amounts['mix'], currency)}"))
    said.append((amounts["restatement"], f"corrections {_effect(amounts['restatement'], currency)}"))
    less = "smaller" if amounts["discount"] > 0 else "larger"
    said.append((amounts["discount"], f"{less} discounts {_effect(amounts['discount'], currency)}"))
    return [(amount, clause.replace("%", " %")) for amount, clause in said if amount and abs(amount) >= least]


def _all_that_moved(amounts: Amounts) -> Decimal:
    """Return the sum of every step, whichever way it went."""
    return sum((abs(amounts[name]) for name in STEPS), Decimal(0))


def _use(told: Told) -> list[tuple[Decimal, str]]:
    """Word what use did: by requests and use a request where the scope has requests, else those of its services."""
    amounts, currency = told.amounts, told.currency
    before, after, both = amounts["list_before"], amounts["list_after"], amounts["volume"] + amounts["efficiency"]
    if not (before and after):
        what = "use that is new" if after else "use that ended"
        return [(both, f"{what} {_effect(both, currency)}")]
    mean = (before + after) / 2
    more = told.requests[1] / told.requests[0] - 1 if told.requests and told.requests[0] else 0.0
    # Of several services requests may be more while those that cost most have fewer: then they do not say why.
    is_of_requests = told.key[0] == "service" or more * float(amounts["volume"] * mean) >= 0
    if told.requests and is_of_requests:
        volume = f"requests{_change(more)}"
    else:
        use = "volume" if amounts["efficiency"] else "use"  # of services some of which have requests
        volume = f"{use}{_change(_relative(amounts['volume'], mean))}"
    each = f"use per request{_change(_relative(amounts['efficiency'], mean))}"
    return [
        (amounts[name], f"{words} {_effect(amounts[name], currency)}")
        for name, words in (("volume", volume), ("efficiency", each))
    ]


def _relative(change: Decimal, mean: Decimal) -> float | None:
    """Return a change as a ratio of what was before, from its ratio of the mean of both; None beyond all."""
    half = float(change / mean) / 2 if mean else 1.0
    return 2 * half / (1 - half) if -1 <= half < 1 else None


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


def _change(ratio: float | None) -> str:
    if ratio is None:
        return ""
    size = abs(ratio)
    text = "<0.1%" if size < LEAST_SAID / 2 else f"{size:.{1 if size < LEAST_RATIO else 0}%}"
    return f" {MINUS if ratio < 0 else '+'}{text}"
