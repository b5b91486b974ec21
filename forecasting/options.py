"""What a forecast may be told: the `[forecast]` table of plimsoll.toml. The defaults are meant to be kept."""

from datetime import date
from typing import Annotated, Literal

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from forecasting.models import (
    AutoReg,
    Ets,
    Model,
    Profile,
    RidgeAutoregression,
    SeasonalNaive,
    Smoothing,
    StlEts,
)
from forecasting.panel.breaks.declared import DeclaredBreak
from forecasting.panel.zones import check_zone

BATCHED: tuple[Model, ...] = (SeasonalNaive(), Profile(), RidgeAutoregression(), Smoothing())
COUNTRIES = frozenset(holidays.list_supported_countries())
ONE_BY_ONE: tuple[Model, ...] = (AutoReg(), Ets(), StlEts())


def _check_country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(f"no holidays are known of country {code!r}; want an ISO 3166 code such as DE")
    return code


Zone = Annotated[str, AfterValidator(check_zone)]
Country = Annotated[str, AfterValidator(_check_country)]


class Event(BaseModel):
    """Something declared by people that moves load: a launch, a sale, a migration. Days are UTC, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str  # events of one name share their effect
    first_day: date
    last_day: date
    services: tuple[str, ...] = ()  # empty: every service


class ForecastOptions(BaseModel):
    """Which models compete, how they are judged and what is known of the calendar."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    models: tuple[Model, ...] = BATCHED  # compete on every series
    slow_models: tuple[Model, ...] = ONE_BY_ONE  # compete on small panels of days, and where asked for
    slow_series: int = Field(20, ge=0)  # largest panel on which the slow models compete
    thorough_services: tuple[str, ...] = ()  # slow models compete here whatever the panel's size
    keep: int = Field(32, ge=1)  # candidates that are combined, at most
    origins: int | None = Field(None, ge=1, le=24)  # of the backtest; None: 6 to 9, more for short horizons
    vintages: int = Field(2, ge=0)  # held-out origins reported in the backtest
    non_negative: bool | Literal["auto"] = "auto"  # auto: where no value was ever negative
    country: dict[str, Country] = Field(default_factory=dict)  # ISO 3166 code by service; "*" for the rest
    timezone: dict[str, Zone] = Field(default_factory=dict)  # by service, e.g. Europe/Berlin; "*" for the rest
    events: tuple[Event, ...] = ()
    breaks: tuple[DeclaredBreak, ...] = ()  # marked or unmarked by people
    seed: int = 0
