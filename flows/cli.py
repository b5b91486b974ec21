"""The command line: what it is given, what it prints, how it exits.

A command imports what it needs when it runs: `plimsoll sql` has no use for what a night takes seconds to import.
"""

import atexit
import logging
import os
import sys
import time
import traceback
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import ConfigError, InputError, MostlyRejected, NightRunning, PlimsollError
from data.secret import redact, redact_logs
from flows.clock import now_utc
from flows.commands.care import care
from flows.commands.reading import reading
from flows.commands.screen import Config, say, say_wrong
from flows.memory import check_addresses
from flows.stopping import stop_on_sigterm

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.record import Night
    from flows.settings import Settings

app = typer.Typer(
    help="How full every service is, when it will be full, what a request costs, what next month will cost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(reading)
app.add_typer(care)
Day = typer.Option(formats=["%Y-%m-%d"], metavar="DATE")
DEMO_QUESTIONS = (
    "select service, headroom_ratio, p50_date, act_by from current_headroom order by headroom_ratio",
    "select service, date, cost_per_million_usd from unit_cost_day where is_settled order by date desc limit 8",
)


def main() -> None:
    """Run the command line: every foreseeable error is one line and an exit code."""
    code = 0
    redact_logs()
    stop_on_sigterm()
    try:
        app()
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    except PlimsollError as error:
        say_wrong(f"plimsoll: {error}")
        code = exit_code(error)
    except KeyboardInterrupt:
        code = 130
    except Exception:  # noqa: BLE001 - a defect of ours: say so with its traceback, then end as after any error
        sys.stderr.write(redact(traceback.format_exc()))
        code = 1
    _leave(code)


def exit_code(error: PlimsollError) -> int:
    """Return 3 where another night is running, 2 for bad configuration or input, 1 for everything else.

    A source that is there and most of whose rows were rejected is a night that failed: 1.
    """
    if isinstance(error, NightRunning):
        return 3
    if isinstance(error, MostlyRejected):
        return 1
    return 2 if isinstance(error, ConfigError | InputError) else 1


@app.command()
def demo(directory: Annotated[Path, typer.Option("--dir")] = Path(".run/demo")) -> None:
    """Make a sample estate, run a night on it, and say where the pages are."""
    check_addresses()
    from flows.commands.demo import DEMO_AS_OF, make_estate
    from flows.settings import read_settings

    config = make_estate(directory)
    _night(config, read_settings(config), DEMO_AS_OF)
    for question in DEMO_QUESTIONS:
        say(f'plimsoll sql --config {config} "{question}"')


@app.command()
def night(
    config: Config,
    as_of: Annotated[datetime | None, Day] = None,
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], hidden=True)] = None,
) -> None:
    """Run one night: exit 0 done, 1 failed, 2 bad configuration or input, 3 another night is running.

    Without --as-of, nights that were missed since the newest that is done run first.
    """
    check_addresses()
    from flows.record import tell_unbegun
    from flows.settings import read_settings

    settings = read_settings(config)
    try:
        _read(config)
    except ConfigError as error:
        tell_unbegun(settings, error)
        raise
    known_until = as_of.date() if as_of else settings.as_of
    if known_until is None:
        from flows.schedule.catch_up import catch_up

        known_until = due.date() if due else now_utc().date()
        catch_up(config.resolve(), settings, known_until, now_utc, _engine())
    _night(config, settings, known_until)


@app.command()
def backfill(
    config: Config,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE")],
) -> None:
    """Run nights in the past, oldest first; what readers see changes once, at the end."""
    if first > last:
        raise ConfigError(f"--from {first.date()} is after --to {last.date()}; swap them")
    check_addresses()
    settings = _read(config)
    from flows.backfill import backfill as run_backfill

    run_backfill(config.resolve(), settings, (first.date(), last.date()), now_utc, _engine())
    _say_where(settings)


@app.command()
def serve(config: Config) -> None:
    """Stay, and run every night when it is due; with PREFECT_API_URL, as a deployment of that server."""
    settings = _read(config)
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        from flows.schedule.serve import begin_night, serve_nights

        serve_nights(config.resolve(), now_utc, time.sleep, begin_night)
    from flows.schedule.prefect_server import check_server

    check_server(address)
    _prefect_environment()
    from prefect.schedules import Cron

    from flows.nightly import nightly

    nightly.serve(
        name="nightly",
        schedule=Cron(settings.schedule.cron, timezone=settings.schedule.timezone),
        parameters={"config": str(config.resolve())},
        limit=1,
    )


def _read(config: Path) -> "Settings":
    """Return the settings, and see that the files it names can be read: a mistake is said before anything starts."""
    from data.acknowledged import read_acknowledged
    from data.catalog import read_catalog
    from flows.settings import read_settings

    settings = read_settings(config)
    if settings.catalog:
        read_catalog(settings.catalog.file)
    read_acknowledged(settings.anomaly.acknowledged)
    return settings


def _night(config: Path, settings: "Settings", as_of: date) -> None:
    from flows.record import plan_night, recorded

    night = plan_night(config.resolve(), settings, as_of, now_utc())
    with recorded(night):
        _engine()(night)
    _say_where(settings)


def _engine() -> "Callable[[Night], Path]":
    """Return what runs a night's steps: a flow of the Prefect server that the environment names, else plain threads."""
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        from flows.night import in_threads, run_night

        return partial(run_night, do=in_threads)
    return partial(_run_as_flow, address)


def _run_as_flow(address: str, night: "Night") -> Path:
    """Run a night as a flow run; raises ServerUnreachable before Prefect is imported."""
    from flows.schedule.prefect_server import check_server

    check_server(address)
    _prefect_environment()
    from flows.nightly import run_as_flow

    return run_as_flow(night)


def _say_where(settings: "Settings") -> None:
    folder = settings.publish.dir
    say(f"pages     {folder}/site/index.html")
    say(f"tables    {folder}/snapshot.duckdb")


def _prefect_environment() -> None:
    """Set what Prefect reads when it is first imported; what the user has set stands. Its analytics are off."""
    wanted = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",  # the night reports its own events
        "PREFECT_LOGGING_EXTRA_LOGGERS": "plimsoll",
    }
    for name, value in wanted.items():
        os.environ.setdefault(name, value)


def _leave(code: int) -> None:
    """End the process without tearing the interpreter down.

    Prefect leaves threads behind, so DuckDB's bindings find live references at exit and print pages of warnings that
    mean nothing (https://nanobind.readthedocs.io/en/latest/refleaks.html).
    """
    logging.shutdown()
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public way to run them before os._exit
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
