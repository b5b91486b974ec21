"""What if: what `[[scenario]]` of plimsoll.toml and `plimsoll what-if` may say, and the table that it becomes."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

import duckdb
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from data.warehouse import load_sql, replace_window

_PERCENT = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*%$")
_TIMES = re.compile(r"^x\s*(\d+(?:\.\d+)?)$")
_NUMBER = re.compile(r"^\d+(?:\.\d+)?$")
COLUMNS = (
    "scenario", "kind", "service", "team", "first_day", "last_day", "what", "subject", "factor", "amount", "discount",
    "share", "from_region", "to_region",
)  # fmt: skip


def factor_of(text: str) -> float:
    """Return what `+30%`, `-10 %` or `x1.5` multiplies by; raises ValueError."""
    if match := _PERCENT.match(text.strip()):
        factor = 1 + float(match[1]) / 100
    elif match := _TIMES.match(text.strip()):
        factor = float(match[1])
    else:
        raise ValueError(f"{text!r} is not a change; want e.g. +30%, -10% or x1.5")
    if factor < 0:
        raise ValueError(f"{text!r} leaves less than nothing")
    return factor


def _check_change(text: str) -> str:
    factor_of(text)
    return text


def _check_limit(text: str) -> str:
    if not _NUMBER.match(text.strip()) or float(text) == 0:
        factor_of(text)
    return text


def _check_share(text: str) -> str:
    match = _PERCENT.match(text.strip())
    if not match or not 0 <= float(match[1]) <= 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"{text!r} is not a share; want e.g. 60%")
    return text


Change = Annotated[str, AfterValidator(_check_change)]
Limit = Annotated[str, AfterValidator(_check_limit)]
Share = Annotated[str, AfterValidator(_check_share)]


class Move(BaseModel):
    """A part of a product's use that goes to another region; its price there is as billed, or said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str
    from_region: str
    to_region: str
    share: Share = "100%"
    price: Change | None = None  # of a unit there against here; from the bill where left out


class Commitment(BaseModel):
    """What is committed to: money an hour, used or not, for use at a discount."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usd_hour: Annotated[float, Field(gt=0)]
    discount: Share


class Scenario(BaseModel):
    """Something that may happen. Its numbers stand beside those of the night, never among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["growth", "launch", "event", "price", "limit", "migration", "commitment"] = "event"
    services: tuple[str, ...] = ()
    team: str | None = None  # every service of it; with neither, every service
    first_day: date
    last_day: date | None = None  # included; without it the change stays. Growth reaches its size then, and stays
    requests: Change | None = None
    limit: dict[str, Limit] = {}  # by metric: a number, or a change
    price: dict[str, Change] = {}  # by product
    move: tuple[Move, ...] = ()
    commitment: Commitment | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Scenario":
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} is before first_day {self.first_day}")
        if self.kind == "growth" and self.last_day is None:
            raise ValueError("growth needs last_day: when it has reached its size")
        if not (self.requests or self.limit or self.price or self.move or self.commitment):
            raise ValueError("changes nothing; say requests, limit, price, move or commitment")
        return self

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield a row of COLUMNS a change and service."""
        for service in self.services or (None,):
            head = (self.name, self.kind, service, self.team, self.first_day, self.last_day)
            yield from ((*head, *change) for change in self._changes())

    def _changes(self) -> Iterator[tuple[object, ...]]:
        if self.requests:
            yield "requests", None, factor_of(self.requests), None, None, None, None, None
        for metric, said in self.limit.items():
            is_number = bool(_NUMBER.match(said.strip()))
            factor, amount = (None, float(said)) if is_number else (factor_of(said), None)
            yield "limit", metric, factor, amount, None, None, None, None
        for product, said in self.price.items():
            yield "price", product, factor_of(said), None, None, None, None, None
        for move in self.move:
            factor = factor_of(move.price) if move.price else None
            yield "move", move.product, factor, None, None, _ratio(move.share), move.from_region, move.to_region
        if self.commitment:
            yield (
                "commitment", None, None, self.commitment.usd_hour, _ratio(self.commitment.discount), None, None, None,
            )  # fmt: skip


def store_scenarios(con: duckdb.DuckDBPyConnection, scenarios: Iterable[Scenario]) -> None:
    """Replace `scenario_change` by what the configuration says; services that do not exist are left out."""
    rows = [row for scenario in scenarios for row in scenario.rows()]
    con.register("wanted_scenario", pd.DataFrame(rows, columns=list(COLUMNS), dtype=object))
    replace_window(con, "scenario_change", load_sql("catalog/scenario"))
    con.unregister("wanted_scenario")


def _ratio(percent: str) -> float:
    return float(percent.strip().rstrip("%")) / 100
