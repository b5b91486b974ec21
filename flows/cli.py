"""The command line: the only place that reads the clock and the environment."""

import os
import sys
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from data.errors import ConfigError, NightRunning, PlimsollError

app = typer.Typer(
    help="How full every service is, when it will be full, what a request costs, what next month will cost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Config = Annotated[Path, typer.Option("--config", help="plimsoll.toml", dir_okay=False)]

FAILED, BAD_INPUT, RUNNING = 1, 2, 3


class Grain(StrEnum):
    """Hour or day."""

    h = "h"
    d = "d"


class Format(StrEnum):
    """How `plimsoll sql` prints."""

    table = "table"
    csv = "csv"
    json = "json"


def main() -> None:
    """Run the command line; every foreseeable error is one line and an exit code."""
    try:
        app()
    except PlimsollError as error:
        print(f"plimsoll: {error}", file=sys.stderr)  # noqa: T201 - this is the terminal
        sys.exit(RUNNING if isinstance(error, NightRunning) else BAD_INPUT if isinstance(error, ConfigError) else FAILED)


@app.command()
def night(config: Config, as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None) -> None:
    """Run one night: exit 0 done, 1 failed, 2 bad configuration or input, 3 another night is running."""
    from flows.settings import read_settings

    settings = read_settings(config)
    _prefect_environment(settings.warehouse.path.parent)
    from flows.nightly import nightly

    folder = nightly(str(config), as_of.date() if as_of else settings.as_of or _today())
    print(f"pages: {folder}/site/index.html")
    print(f"tables: plimsoll sql --config {config} \"select * from current_headroom\"")


@app.command()
def backfill(
    config: Config,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"])],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"])],
) -> None:
    """Run the nights of the past that are missing, oldest first; the newest is published at the end."""
    from flows.settings import read_settings

    settings = read_settings(config)
    _prefect_environment(settings.warehouse.path.parent)
    from flows.backfill import backfill as run_backfill

    print(f"pages: {run_backfill(str(config), first.date(), last.date())}/site/index.html")
