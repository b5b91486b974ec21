"""Budgets: what `[[budget]]` of plimsoll.toml may say, and the table that it and the catalog become."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import duckdb
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.warehouse import load_sql, replace_window

TOTAL = "(total)"
PERIODS = {"month": "m", "quarter": "q", "year": "y"}
SCOPES = ("service", "team", "account", "tag")


class Budget(BaseModel):
    """Money for the use of a service, team, account or tag (`key=value`), or, where none is named, of everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Annotated[Decimal, Field(gt=0)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    period: Literal["month", "quarter", "year"] = "month"  # quarter of the calendar, fiscal year of [forecast]
    service: str | None = None
    team: str | None = None
    account: str | None = None
    tag: Annotated[str, Field(pattern="^[^=]+=.+$")] | None = None
    valid_from: date | None = None  # first period that it is for begins then or later
    valid_until: date | None = None  # last period that it is for begins before then

    @model_validator(mode="after")
    def _is_of_one_scope(self) -> "Budget":
        named = [name for name in SCOPES if getattr(self, name) is not None]
        if len(named) > 1:
            raise ValueError(f"names {' and '.join(named)}; a budget is of one of them, or of everything")
        return self

    @property
    def of(self) -> tuple[str, str]:
        """Return scope and name."""
        return next(((scope, getattr(self, scope)) for scope in SCOPES if getattr(self, scope)), ("total", TOTAL))


def store_budgets(con: duckdb.DuckDBPyConnection, budgets: Iterable[Budget]) -> None:
    """Replace `budget` by what the configuration and the catalog (stored before) say; the configuration holds."""
    rows = [
        (*one.of, PERIODS[one.period], one.currency, one.amount, one.valid_from, one.valid_until) for one in budgets
    ]
    columns = ["scope", "name", "period", "currency", "amount", "valid_from", "valid_until"]
    con.register("wanted_budget", pd.DataFrame(rows, columns=columns, dtype=object))
    replace_window(con, "budget", load_sql("catalog/budget"))
    con.unregister("wanted_budget")
