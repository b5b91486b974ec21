"""`plimsoll what-if`: one scenario on the published futures, beside what they are without it."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd

from data.errors import InputError
from data.scenarios import Scenario, store_scenarios
from data.snapshot import open_snapshot
from data.warehouse import fetch_row, first_line, run
from flows.decide import parameters_of, queries
from forecasting.decisions.night import Night
from forecasting.decisions.scenario import Scenario as Compare

PATHS = 1000
ORDER = ("cost", "requests", "unit_cost")  # of measures; then limits
LABELS = {
    "cost": "cost",
    "requests": "requests",
    "unit_cost": "unit cost",
    "headroom_ratio": "headroom",
    "probability_90d": "chance of passing the limit in 90 days",
    "units_to_add": "units to add",
    "usd_month": "USD a month of them",
    "p10_date": "limit reached by (1 in 10)",
    "p50_date": "limit reached by (1 in 2)",
    "planned_date": "plan of the tier holds until",
    "add_by": "order by",
}


def what_if(publish: Path, scenario: Scenario, layout: Literal["table", "json"]) -> str:
    """Return what a scenario changes; raises InputError where nothing is published or nobody is changed."""
    try:
        with open_snapshot(publish) as con:
            effects = compare(con, scenario)
    except duckdb.Error as error:
        raise InputError(f"what-if: {first_line(error)}; run a night of this version first") from error
    if layout == "json":
        return str(effects.to_json(orient="records", date_format="iso", indent=1))
    return "\n".join(_lines(effects))


def published_night(publish: Path) -> date:
    """Return the night that is published: a change begins then where nobody says when."""
    try:
        with open_snapshot(publish) as con:
            return _newest(con)
    except duckdb.Error as error:
        raise InputError(f"what-if: {first_line(error)}; run a night of this version first") from error


def _newest(con: duckdb.DuckDBPyConnection) -> date:
    (as_of,) = fetch_row(con, "select max(made_on) from forecast_path") or (None,)
    if as_of is None:
        raise InputError("what-if: the published night has no forecast to change")
    newest: date = as_of
    return newest


def compare(con: duckdb.DuckDBPyConnection, scenario: Scenario) -> pd.DataFrame:
    """Return the columns of `scenario_result` for one scenario; the snapshot may be read-only."""
    as_of = _newest(con)
    con.execute("create or replace temp table scenario_change as from scenario_change limit 0")
    store_scenarios(con, [scenario])
    known = {name for (name,) in con.execute("select distinct service from temp.scenario_change").fetchall()}
    unknown = sorted(set(scenario.services) - known)
    if unknown or not known:
        raise InputError(f"what-if: {', '.join(unknown) or scenario.team!r} is not a service or team of the catalog")
    night = Night(as_of, PATHS)
    inputs = {name: run(con, query, parameters_of(night)).df() for name, query in queries(Compare())}
    (rows,) = Compare().decide(inputs, night)
    if rows.frame.empty:
        raise InputError(f"what-if: {', '.join(sorted(known))}: neither cost, requests nor a limit is forecast")
    return rows.frame


def scenario_of(  # noqa: PLR0913 - options of a command
    service: str,
    *,
    first_day: date,
    last_day: date | None = None,
    requests: str | None = None,
    limit: tuple[str, ...] = (),
    price: tuple[str, ...] = (),
    move: tuple[str, ...] = (),
    commitment: str | None = None,
    kind: str = "event",
) -> Scenario:
    """Return the scenario that a command's options say; raises InputError, one line that names the option."""
    try:
        return Scenario.model_validate(
            {
                "name": "what-if",
                "kind": kind,
                "services": (service,),
                "first_day": first_day,
                "last_day": last_day,
                "requests": requests,
                "limit": dict(_named("--limit", one, "cpu=+20%") for one in limit),
                "price": dict(_named("--price", one, '"Amazon RDS=+10%"') for one in price),
                "move": [_move(one) for one in move],
                "commitment": _commitment(commitment) if commitment else None,
            }
        )
    except ValueError as error:
        raise InputError(f"what-if: {_reason(error)}") from error


def _reason(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    first = errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where + ': ' if where else ''}{str(first['msg']).removeprefix('Value error, ')}"


def _named(option: str, text: str, example: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name.strip() or not value.strip():
        raise ValueError(f"{option} {text!r}: want a name and a change, e.g. {example}")
    return name.strip(), value.strip()


def _move(text: str) -> dict[str, str]:
    """Read `product:from>to`, with `=price` behind it where the price there is said."""
    head, _, price = text.partition("=")
    product, _, regions = head.rpartition(":")
    start, sign, end = regions.partition(">")
    if not (product.strip() and sign and start.strip() and end.strip()):
        raise ValueError(f'--move {text!r}: want PRODUCT:FROM>TO, e.g. "Amazon EC2:us-east-1>eu-west-1=-12%"')
    move = {"product": product.strip(), "from_region": start.strip(), "to_region": end.strip()}
    return move | ({"price": price.strip()} if price.strip() else {})


def _commitment(text: str) -> dict[str, object]:
    amount, sign, discount = text.partition("@")
    try:
        usd_hour = float(amount)
    except ValueError as error:
        raise ValueError(f"--commitment {text!r}: want USD an hour at a discount, e.g. 12.5@28%") from error
    if not sign:
        raise ValueError(f"--commitment {text!r}: want USD an hour at a discount, e.g. 12.5@28%")
    return {"usd_hour": usd_hour, "discount": discount}


def _lines(effects: pd.DataFrame) -> list[str]:
    """Lay out as text: a line a measure, what it is now, what it would be, and the change with its interval."""
    lines = []
    for (scope, service, subject), part in effects.groupby(["scope", "service", "subject"], sort=False):
        lines.append(f"{'team ' if scope == 'team' else ''}{service}: {subject}")
        rows = [{str(k): v for k, v in row.items()} for row in part.to_dict("records")]
        lines.extend(f"  {_label(row):<44}{_pair(row)}" for row in rows)
    words = [word for word in effects["assumption"].dropna().unique() if word]
    return lines + [f"assumed: {word}" for word in words]


def _label(row: dict[str, Any]) -> str:
    label = LABELS[str(row["measure"])]
    month = f", {pd.Timestamp(str(row['period_start'])):%b %Y}" if row["measure"] in ORDER else ""
    return f"{label}{month}"


def _pair(row: dict[str, Any]) -> str:
    if row["unit"] == "date":
        before, after = (_day(row[name]) for name in ("baseline_date", "result_date"))
        return before if before == after else f"{before} -> {after}"
    scale, unit = _said(str(row["unit"]))
    row |= {name: value * scale for name, value in row.items() if isinstance(value, float)}
    before, after = _number(row["baseline"]), _number(row["result"])
    change = f"  ({_signed(row['change'])}" + (
        f", 80 %: {_signed(row['change_lo80'])} to {_signed(row['change_hi80'])})"
        if pd.notna(row.get("change_lo80"))
        else ")"
    )
    return f"{before} {unit}" if before == after else f"{before} -> {after} {unit}{change}"


def _said(unit: str) -> tuple[float, str]:
    """Return by how much, and as what, people say a unit: shares in per cent, prices of a million."""
    if unit == "ratio":
        return 100.0, "%"
    currency, sign, _ = unit.partition(" a request")
    return (1e6, f"{currency} a million requests") if sign else (1.0, unit)


def _day(value: date | pd.Timestamp | None) -> str:
    return "not in 90 days" if pd.isna(value) else f"{pd.Timestamp(str(value)):%d %b %Y}"


def _number(value: object) -> str:
    number = float(str(value))
    if pd.isna(number):
        return "-"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"  # noqa: PLR2004 - digits that say something


def _signed(value: object) -> str:
    number = float(str(value))
    return "-" if pd.isna(number) else ("+" if number >= 0 else "-") + _number(abs(number))
