"""Options to commit: how much, by term and appetite, bought in which months, and what each level would regret."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.commitments.futures import Demand, foresee
from forecasting.decisions.commitments.level import levels, regrets, value
from forecasting.decisions.night import Frames, Night, Rows

Floats = NDArray[np.float64]
Row = dict[str, object]

FLEXIBLE = "Compute"  # what is covered whatever machine it runs on
RETIRES_A_YEAR = 1 / 3  # of what serves one product in one region: it moves, is replaced or renamed
LADDER_MONTHS = 6  # a purchase is spread over so many, so that no more than a part ends at once
AHEAD_MONTHS = 12


@dataclass(frozen=True)
class _Offer:
    provider: str
    scope: str
    currency: str
    term_years: int
    discount: float
    held: float  # committed an hour now, in the currency
    owned: float  # of it, what goes on for three months
    basis: str

    @property
    def keys(self) -> Row:
        """Return what names it in the tables."""
        return {name: getattr(self, name) for name in ("provider", "scope", "currency", "term_years")}


class CommitmentOption(BaseModel):
    """What to buy; the discount is what owned commitments take off, or what is offered."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["commitment_option"] = "commitment_option"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`demand`, `owned`, `offer`, `expiry`: see data/sql/decide/commitment_option."""
        options: list[Row] = []
        ladders: list[Row] = []
        curves: list[Row] = []
        for demand, offer in _offers(inputs):
            is_safe = offer.scope != FLEXIBLE
            futures = foresee(demand, offer.term_years, RETIRES_A_YEAR if is_safe else 0.0)
            if futures is None:
                continue
            chosen = levels(futures, offer.discount, is_safe=is_safe)
            for risk, level in chosen.items():
                options.append(_option(futures, offer, risk, level, len(demand)))
                ladders += _ladder(offer, risk, level, inputs["expiry"], night)
            marked = list(chosen.values())
            curves += [_regret(offer, row, marked) for row in regrets(futures, offer.discount, marked)]
        return [
            Rows("commitment_option", pd.DataFrame(options)),
            Rows("commitment_purchase", pd.DataFrame(ladders)),
            Rows("commitment_regret", pd.DataFrame(curves)),
        ]


def _offers(inputs: Frames) -> Iterator[tuple[Floats, _Offer]]:
    """Yield the hourly demand of each scope with each term that is offered for it."""
    owned = {(row["provider"], row["currency"], row["scope"]): row for row in inputs["owned"].to_dict("records")}
    for scope in inputs["demand"].to_dict("records"):
        key = (scope["provider"], scope["currency"], scope["scope"])
        mine = owned.get(key)
        demand = np.zeros(int(max(scope["hour"])) + 1)
        demand[np.asarray(scope["hour"], dtype=np.intp)] = np.asarray(scope["demand"], dtype=float)
        for term_years, offered in _terms(inputs["offer"], str(scope["provider"])).items():
            learnt = float(mine["discount"]) if mine is not None and term_years == 1 else np.nan
            discount = learnt if 0 < learnt < 1 else offered
            held = float(mine["owned_hour"]) if mine is not None else 0.0
            lasting = max(0.0, held - float(_ends(inputs["expiry"], *key)["soon"].sum()))
            basis = str(scope["basis"])
            yield demand, _Offer(str(key[0]), str(key[2]), str(key[1]), term_years, discount, held, lasting, basis)


def _ends(expiry: pd.DataFrame, provider: object, currency: object, scope: object) -> pd.DataFrame:
    """Return what ends of a scope: which product a commitment is of is not known, so all of it is of FLEXIBLE."""
    return expiry[(expiry["provider"] == provider) & (expiry["currency"] == currency) & (scope == FLEXIBLE)]


def _terms(offers: pd.DataFrame, provider: str) -> dict[int, float]:
    """Return the discount by term; what is said of a provider goes before what is said of all."""
    discounts: dict[int, float] = {}
    for row in offers.to_dict("records"):  # those of all come first
        if row["provider"] == provider or not isinstance(row["provider"], str):
            discounts[int(row["term_years"])] = float(row["discount"])
    return discounts


def _option(futures: Demand, offer: _Offer, risk: str, level: float, hours: int) -> Row:
    price = 1 - offer.discount
    worth = value(futures, level, offer.owned / price, offer.discount)
    return offer.keys | {
        "discount": offer.discount,
        "risk": risk,
        "level_usd_hour_on_demand": level,
        "commit_usd_hour": level * price,
        "owned_usd_hour": offer.owned,
        "to_buy_usd_hour": max(0.0, level * price - offer.owned),
        "expected_saving_usd_month": worth.saving,
        "worst5_saving_usd_month": worth.worst_saving,
        "break_even_utilisation": price,
        "coverage": worth.coverage,
        "utilisation": worth.utilisation,
        "demand_trend_ratio_year": futures.trend,
        "hours": hours,
        "basis": offer.basis,
    }


def _ladder(offer: _Offer, risk: str, level: float, expiry: pd.DataFrame, night: Night) -> Iterator[Row]:
    """Yield a purchase a month: toward the level in equal steps, and what ends in the meantime."""
    first = pd.Timestamp(night.as_of).to_period("M") + 1
    ends = _ends(expiry, offer.provider, offer.currency, offer.scope)
    # What ends before the first purchase is replaced by it.
    by_month = ends.groupby(ends["month"].map(lambda month: max(month, first.to_timestamp())))["hourly"].sum()
    target = level * (1 - offer.discount)
    held = offer.held
    for step in range(AHEAD_MONTHS):
        month = (first + step).to_timestamp()
        expiring = min(held, float(by_month.get(month, 0.0)))
        held -= expiring
        wanted = offer.owned + (target - offer.owned) * min(1.0, (step + 1) / LADDER_MONTHS)
        buy = max(0.0, min(wanted, target) - held)
        held += buy
        yield offer.keys | {
            "risk": risk,
            "month": month,
            "expiring_usd_hour": expiring,
            "buy_usd_hour": buy,
            "owned_after_usd_hour": held,
        }


def _regret(offer: _Offer, row: tuple[float, float, float, float], chosen: list[float]) -> Row:
    level, spent, regret, worst = row
    return offer.keys | {
        "level_usd_hour_on_demand": level,
        "cost_usd_month": spent,
        "regret_usd_month": regret,
        "regret95_usd_month": worst,
        "is_option": level in np.round(chosen, 6),  # as the curve rounds them
    }
