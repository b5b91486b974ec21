"""Who pays: what `[allocation]`, `[[invoice]]` and `[currency]` of plimsoll.toml say, and the tables they become."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.billing.read.owners import SILENT, LineRule, Owners
from data.billing.read.tags import is_same_key
from data.errors import ConfigError
from data.warehouse import fetch_row, first_line, load_sql, replace_window

FIELDS = ("provider", "account", "region", "product", "service_category")
BUILT = ("cost_service_day", "unit_cost_day", "bill", "commitment")
RATE_COLUMNS = ("date", "from", "to", "rate")


class Rule(BaseModel):
    """Gives charges that neither a tag nor an account gave to a service to `service`; every field named must match.

    A field is a text, whatever its case, or /a regular expression/ of the whole text. Expressions are RE2's
    (https://github.com/google/re2/wiki/Syntax): they take time in proportion to the text, whatever they say, and each
    is tried once for each distinct charge, not for each line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: Annotated[str, Field(min_length=1)]
    provider: str | None = None
    account: str | None = None
    region: str | None = None
    product: str | None = None
    service_category: str | None = None
    resource: str | None = None  # of ResourceId
    tag: Mapping[str, str] = {}  # key to what its value must be

    @field_validator("tag")
    @classmethod
    def _are_expressions(cls, tags: Mapping[str, str]) -> Mapping[str, str]:
        for text in tags.values():
            _check_expression(text)
        return tags

    @field_validator(*FIELDS, "resource")
    @classmethod
    def _is_expression(cls, text: str | None) -> str | None:
        if text is not None:
            _check_expression(text)
        return text

    def expression(self, field: str) -> str | None:
        """Return what a field must match in full, as a regular expression; None where anything may stand."""
        text: str | None = getattr(self, field)
        return None if text is None else _expression(text)

    @property
    def is_of_line(self) -> bool:
        """Tell whether it asks for what the sums of a day do not keep."""
        return self.resource is not None or bool(self.tag)


class Allocation(BaseModel):
    """Who pays: the first of `tag_keys` that a line carries decides; then its account; then the first rule.

    `silent_values` are what a tag may hold that names nobody. `account_tags` is a csv file of accounts and their tags.
    The first of `environment_keys` tells which environment a charge is of; where no tag of its does, its account's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tag_keys: tuple[str, ...] = ()
    silent_values: tuple[str, ...] = SILENT
    environment_keys: tuple[str, ...] = ()
    account_tags: Path | None = None
    settle_days: Annotated[int, Field(ge=0, le=31)] = 2  # the newest days of a bill, until the ledger has learnt them
    rule: tuple[Rule, ...] = ()

    @property
    def owners(self) -> Owners:
        """Return what decides while a bill is read."""
        rules = [
            LineRule(
                position,
                rule.expression("resource"),
                {key: _expression(text) for key, text in rule.tag.items()},
                {field: text for field in FIELDS if (text := rule.expression(field)) is not None},
            )
            for position, rule in enumerate(self.rule, 1)
            if rule.is_of_line
        ]
        return Owners(self.tag_keys, self.silent_values, tuple(rules), self.environment_keys)

    def located(self, root: Path) -> "Allocation":
        """Return the same with its file below `root`."""
        return self.model_copy(update={"account_tags": self.account_tags and root / self.account_tags})


class Invoice(BaseModel):
    """What an invoice says a billing period of a source costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    billing_period: date
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    total: Decimal

    @field_validator("billing_period")
    @classmethod
    def _is_first_of_month(cls, day: date) -> date:
        if day.day != 1:
            raise ValueError("not the first of a month")
        return day


class Currency(BaseModel):
    """A csv file of rates with the columns date, from, to, rate: each holds from its date until the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rates: Path


def build_cost(
    con: duckdb.DuckDBPyConnection,
    allocation: Allocation,
    invoices: Sequence[Invoice],
    currency: Currency | None,
    as_of: date,
) -> None:
    """Build the tables of cost from the bills that are loaded; raises ConfigError where the rates cannot be read."""
    rules = [
        {"position": position, "service": rule.service, "is_of_line": rule.is_of_line}
        | {field: rule.expression(field) for field in FIELDS}
        for position, rule in enumerate(allocation.rule, 1)
    ]
    _temporary(con, "allocation_rule", ("position", "service", *FIELDS, "is_of_line"), rules, "bigint")
    accounts = _read_account_tags(allocation)
    for table, keys in (("account_tag", allocation.tag_keys), ("account_environment", allocation.environment_keys)):
        said = _first_tags(accounts, keys, allocation.silent_values)
        _temporary(con, table, ("account", "tag_key", "tag"), said, "varchar")
    totals = [invoice.model_dump() for invoice in invoices]
    _temporary(con, "invoice", tuple(Invoice.model_fields), totals, "varchar")
    store_rates(con, currency)
    _build_cost_day(con)
    parameters = {"as_of": as_of, "settle_days": allocation.settle_days}
    for table in BUILT:
        replace_window(con, table, load_sql(f"build/{table}"), parameters)


def _build_cost_day(con: duckdb.DuckDBPyConnection) -> None:
    """Give every charge to a service; nothing is done where neither charges nor rules nor the table changed."""
    query = load_sql("build/cost_day")
    before = fetch_row(con, "select fingerprint from built where name = 'cost_day'")
    if before is not None and before == fetch_row(con, load_sql("build/cost_day_state"), {"query": query}):
        return
    replace_window(con, "cost_day", query)
    state = f"select 'cost_day' as name, fingerprint from ({load_sql('build/cost_day_state')})"  # noqa: S608 - our own query
    replace_window(con, "built", state, {"query": query}, keys={"name": "cost_day"})


def store_rates(con: duckdb.DuckDBPyConnection, currency: Currency | None) -> None:
    """Replace `exchange_rate` by the configuration's file; without one it is empty."""
    rows = _read_rates(currency.rates) if currency else []
    con.execute("create or replace temp table wanted_rate as from exchange_rate limit 0")
    if rows:
        con.executemany("insert into wanted_rate values (?, ?, ?, ?)", rows)
    replace_window(con, "exchange_rate", "select * from wanted_rate")


def _read_rates(file: Path) -> list[tuple[date, str, str, float]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as content:
            rows = list(csv.DictReader(content))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); check [currency] rates") from error
    rates: dict[tuple[date, str, str], float] = {}
    for number, row in enumerate(rows, 2):
        try:
            day, origin, target = date.fromisoformat(row["date"]), row["from"].upper(), row["to"].upper()
            rate = float(row["rate"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(
                f"{file}: line {number}: {row}: want {', '.join(RATE_COLUMNS)}, e.g. 2026-10-01,EUR,USD,1.08 ({error})"
            ) from error
        if not 0 < rate < float("inf"):
            raise ConfigError(f"{file}: line {number}: rate is {rate}, want more than 0")
        if rates.setdefault((day, origin, target), rate) != rate:
            raise ConfigError(f"{file}: line {number}: a second rate from {origin} to {target} on {day}; keep one")
    return [(*key, rate) for key, rate in rates.items()]


def _temporary(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], first: str
) -> None:
    """Make a temporary table of texts (the first column of type `first`) from rows."""
    types = {"billing_period": "date", "total": "decimal(38, 12)", "is_of_line": "boolean"}
    declared = ", ".join(
        f"{column} {first if number == 0 else types.get(column, 'varchar')}" for number, column in enumerate(columns)
    )
    con.execute(f"create or replace temp table {table} ({declared})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        con.executemany(f"insert into {table} values ({marks})", [[row[column] for column in columns] for row in rows])  # noqa: S608 - our own names


def _read_account_tags(allocation: Allocation) -> list[dict[str, str]]:
    """Return the rows of `account_tags`: an account, and what each tag says of it."""
    file = allocation.account_tags
    if file is None:
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as content:
            rows = list(csv.DictReader(content))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); check [allocation] account_tags") from error
    if rows and "account" not in rows[0]:
        raise ConfigError(f"{file}: has no column account; want account and a column a tag, e.g. account,service")
    return [{tag: text.strip() for tag, text in row.items() if tag and isinstance(text, str)} for row in rows]


def _first_tags(
    rows: list[dict[str, str]], wanted: Sequence[str], silent_values: Sequence[str]
) -> list[dict[str, str]]:
    """Return `account`, `tag_key` and `tag` of each account: the first of the wanted keys that says something."""
    silent = {"", *(text.lower() for text in silent_values)}
    found: dict[str, dict[str, str]] = {}
    for tags in rows:
        said = (
            {"tag_key": key, "tag": value}
            for one in wanted
            for key, value in tags.items()
            if is_same_key(key, one) and value.lower() not in silent
        )
        first = next(said, None)
        if first is not None:
            account = tags["account"].lower()
            found.setdefault(account, {"account": account} | first)
    return list(found.values())


def _check_expression(text: str) -> None:
    try:
        with duckdb.connect() as con:
            con.execute("select regexp_full_match('', $expression)", {"expression": _expression(text)}).fetchall()
    except duckdb.Error as error:
        raise ValueError(f"not a regular expression that RE2 knows: {first_line(error)}") from error


def _expression(text: str) -> str:
    return text[1:-1] if _is_wrapped(text) else re.escape(text)


def _is_wrapped(text: str) -> bool:
    return len(text) > 1 and text.startswith("/") and text.endswith("/")


def rates_below(root: Path, currency: Currency | None) -> Currency | None:
    """Return the same with its file below `root`."""
    return currency and Currency(rates=root / currency.rates)
