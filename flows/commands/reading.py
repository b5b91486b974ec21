"""Commands of those who read: questions to what is published, forecasts of a file, schedules, assistants."""

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from data.errors import ConfigError, InputError
from flows.commands.screen import Config, say
from flows.published.place import published_dir

reading = typer.Typer()


def Day(name: str, words: str) -> typer.models.OptionInfo:  # noqa: N802 - stands where typer.Option does
    """Return an option that is a day."""
    option: typer.models.OptionInfo = typer.Option(name, formats=["%Y-%m-%d"], metavar="DATE", help=words)
    return option


class Grain(StrEnum):
    """What a step of a forecast is; the night makes hours and days."""

    five_minutes = "5min"
    quarter_hours = "15min"
    half_hours = "30min"
    hours = "h"
    days = "d"
    weeks = "w"
    months = "m"


class Layout(StrEnum):
    """How `plimsoll sql` prints."""

    table = "table"
    csv = "csv"
    json = "json"


class WhatIfLayout(StrEnum):
    """How `plimsoll what-if` prints."""

    table = "table"
    json = "json"


class ScheduleLayout(StrEnum):
    """How `plimsoll schedule` prints."""

    json = "json"
    ec2 = "ec2"
    keda = "keda"


SHOWN_STATUS = 20  # series of a file that are not as usual


@reading.command()
def sql(
    config: Config,
    question: Annotated[str | None, typer.Argument(metavar="[SQL]", show_default=False)] = None,
    layout: Annotated[Layout, typer.Option("--format")] = Layout.table,
    files: Annotated[bool, typer.Option("--files", help="let the question read and write other files")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Ask the published snapshot, read-only; without a question, open it in harlequin or DuckDB's own shell."""
    if question is None:
        from flows.published.prompt import open_shell

        open_shell(published_dir(config) / "snapshot.duckdb")
        return
    from flows.published.query import query_snapshot

    answer = query_snapshot(published_dir(config), question, layout.value, has_files=files)
    sys.stdout.write(answer + "\n")


@reading.command()
def report(
    config: Config,
    period: Annotated[str, typer.Option(metavar="MONTH", help="the month that is reported: 2026-10")],
    out: Annotated[Path, typer.Option(help="report.pdf, printed by a headless Chromium; or a name that ends in .html")],
) -> None:
    """Write the report of a month: two pages of what it cost, what was right, what is at risk."""
    from flows.published.report import write_report

    try:
        month = date.fromisoformat(f"{period}-01")
    except ValueError as error:
        raise InputError(f"--period {period}: not a month; want for example 2026-10") from error
    say(f"{write_report(published_dir(config), month, out)}")


@reading.command()
def forecast(  # noqa: PLR0913, PLR0917 - options of a command, given by name
    source: Annotated[Path, typer.Argument(metavar="IN", help="csv or parquet: service, metric, timestamp, value")],
    horizon: Annotated[int, typer.Option(min=1, help="steps ahead")],
    grain: Annotated[Grain, typer.Option(help="5min, 15min, 30min, hours, days, weeks from Monday, calendar months")],
    out: Annotated[Path, typer.Option(help="parquet: service, metric, grain, target_time, mean, lo80, hi80, ...")],
    timezone: Annotated[
        str | None, typer.Option(help="whose clock the load and times without an offset follow, e.g. Europe/Berlin")
    ] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166 code: its holidays, and its time zone")] = None,
    columns: Annotated[
        str, typer.Option(metavar="OURS=THEIRS,...", help="names in the file, e.g. service=app,timestamp=time")
    ] = "",
) -> None:
    """Forecast every series of a file; needs no configuration."""
    from flows.commands.panel_file import PanelFile, forecast_file

    panel = PanelFile(source, _named_columns(columns), timezone, country.upper() if country else None)
    fit = forecast_file(panel, horizon, grain.value, out)
    fallbacks = fit["fallback_reason"].notna().sum()
    say(f"{out}: {len(fit):,} series, {horizon} steps ahead, {fallbacks:,} on a fallback")
    told = fit.loc[fit["status"].notna(), ["service", "metric", "status"]]
    for service, metric, status in told.head(SHOWN_STATUS).itertuples(index=False):
        say(f"{service} {metric}: {status}")
    if len(told) > SHOWN_STATUS:
        say(f"and {len(told) - SHOWN_STATUS:,} more that are not as usual")


@reading.command()
def schedule(
    config: Config,
    service: Annotated[str, typer.Option(help="service whose units follow the hours of the week")],
    metric: Annotated[str | None, typer.Option(help="metric of its limit, where it has several")] = None,
    layout: Annotated[ScheduleLayout, typer.Option("--format")] = ScheduleLayout.json,
) -> None:
    """Print when to run how many units: json, EC2 scheduled actions, or KEDA cron triggers."""
    from flows.published.scale_schedule import read_schedule

    sys.stdout.write(read_schedule(published_dir(config), service, metric, layout.value) + "\n")


@reading.command("what-if")
def what_if(  # noqa: PLR0913, PLR0917 - options of a command, given by name
    config: Config,
    service: Annotated[str, typer.Option(help="service that is changed")],
    first: Annotated[datetime | None, Day("--from", "first day of the change; default: the published night")] = None,
    last: Annotated[datetime | None, Day("--to", "last day of the change, included; default: it stays")] = None,
    requests: Annotated[str | None, typer.Option(metavar="CHANGE", help="of its requests, e.g. +30% or x2")] = None,
    limit: Annotated[list[str] | None, typer.Option(metavar="METRIC=LIMIT", help="e.g. cpu=+20% or cpu=1.2")] = None,
    price: Annotated[list[str] | None, typer.Option(metavar="PRODUCT=CHANGE", help='e.g. "Amazon RDS=+10%"')] = None,
    move: Annotated[
        list[str] | None, typer.Option(metavar="PRODUCT:FROM>TO[=CHANGE]", help="use that goes to another region")
    ] = None,
    commitment: Annotated[str | None, typer.Option(metavar="USD_HOUR@DISCOUNT", help="e.g. 12.5@28%")] = None,
    is_growth: Annotated[bool, typer.Option("--growth", help="grow bit by bit until --to, then stay")] = False,  # noqa: FBT002 - a flag
    layout: Annotated[WhatIfLayout, typer.Option("--format")] = WhatIfLayout.table,
) -> None:
    """Change requests, limits, prices, regions or commitments of a service, on the published futures."""
    from flows.published.what_if import published_night, scenario_of
    from flows.published.what_if import what_if as ask

    publish = published_dir(config)
    scenario = scenario_of(
        service,
        first_day=first.date() if first else published_night(publish),
        last_day=last.date() if last else None,
        requests=requests,
        limit=tuple(limit or ()),
        price=tuple(price or ()),
        move=tuple(move or ()),
        commitment=commitment,
        kind="growth" if is_growth else "event",
    )
    sys.stdout.write(ask(publish, scenario, layout.value) + "\n")


@reading.command()
def risks(
    config: Config,
    team: Annotated[str | None, typer.Option(help="only what this team owns")] = None,
    layout: Annotated[Layout, typer.Option("--format")] = Layout.table,
) -> None:
    """Print what may go wrong, worst first: breaches, overruns, anomalies, misses, stale sources, commitments."""
    from flows.published.risks import read_risks

    sys.stdout.write(read_risks(published_dir(config), team, layout.value) + "\n")


@reading.command()
def mcp(config: Config) -> None:
    """Answer assistants that speak the Model Context Protocol, on standard input and output; read-only."""
    try:
        from flows.published.mcp_server import mcp_server
    except ImportError as error:
        raise ConfigError("plimsoll mcp needs the mcp package: pip install plimsoll[mcp]") from error
    mcp_server(published_dir(config)).run("stdio")


def _named_columns(text: str) -> dict[str, str]:
    """Read `ours=theirs,...`; a name may hold an equals sign, not a comma."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    wrong = [ours for ours, sign, theirs in pairs if not (sign and theirs.strip())]
    if wrong:
        raise InputError(f"--columns: {wrong[0]!r} says no name; want e.g. service=app,timestamp=time")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
