"""One night as a Prefect flow: ingest, build, check, forecast, score, decide, publish.

Tasks pass names and dates; only the fits carry arrays. It runs with Prefect's own temporary server, or against the one
that PREFECT_API_URL names.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from prefect import flow, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, wait

from data.errors import InputError, NightRunning
from data.warehouse import load_sql, open_warehouse, run
from flows import forecasts, steps
from flows.notify import notify
from flows.progress import fit_bar, reporting, tell, timed
from flows.publish import publish
from flows.runners import fit_all
from flows.settings import Settings, read_settings

MEMORY_BESIDE_FITS = "1GiB"  # of the database while chunks of series are in memory too


@flow(name="nightly", validate_parameters=False)
def nightly(
    config: str, as_of: date | None = None, scored_from: date | None = None, *, is_published: bool = True
) -> str:
    """Run one night; return the folder that readers see.

    `as_of` is the first moment not known to the night: else the configuration's, else the day the run was scheduled
    for. Forecasts made since `scored_from` are scored again (default: those that may have met new actuals).
    """
    settings = read_settings(Path(config))
    known_until = as_of or settings.as_of or _started().date()
    run_id = f"{known_until}-{runtime.flow_run.id}"
    log_file = settings.warehouse.path.parent / "logs" / f"{known_until}.jsonl"
    with only_one(settings), reporting(log_file):
        try:
            steps.prepare(settings, known_until)
            with _recorded(settings, known_until, run_id):
                _gather(config, settings, known_until)
                _forecast(settings, known_until)
                build_scores.submit(config, known_until, scored_from).result()
                decide.submit(config, known_until).result()
                _end(settings, run_id, "done")  # before publishing, so that the snapshot says so of itself
                if is_published:
                    publish_release.submit(config, run_id).result()
        except Exception as error:
            tell("failed", {"error": error, "traceback": traceback.format_exc()}, level=logging.ERROR)
            notify(settings.notify, f"plimsoll: the night of {known_until} failed", str(error))
            raise
        _summarise(settings, known_until)
    return str(settings.publish.dir)


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the warehouse against other nights; raises NightRunning where one has it."""
    path = settings.warehouse.path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_suffix(".lock"), timeout=0):
            yield
    except Timeout as error:
        raise NightRunning(f"{path}: another night is running on this warehouse; wait for it, or stop it") from error


@task(name="ingest load", retries=2, retry_delay_seconds=[2, 20], cache_policy=NO_CACHE)
def ingest_utilization(config: str, source: str, as_of: date, now: datetime) -> bool:
    """Read one source of load, and tell whether it could be; a retry helps where the disk or the network failed."""
    settings = read_settings(Path(config))
    return steps.ingest_utilization(settings, next(s for s in settings.utilization if s.name == source), as_of, now)


@task(name="ingest bills", retries=2, retry_delay_seconds=[2, 20], cache_policy=NO_CACHE)
def ingest_bills(config: str, source: str, as_of: date, now: datetime) -> bool:
    """Read one source of bills, and tell whether it could be; a retry helps where the disk or the network failed."""
    settings = read_settings(Path(config))
    found = next(s for s in settings.billing if s.name == source)
    return steps.ingest_bills(settings, found, as_of, now)


@task(name="build", cache_policy=NO_CACHE)
def build_tables(config: str, as_of: date) -> None:
    """Allocate, compute unit cost, and check the tables."""
    settings = read_settings(Path(config))
    steps.build(settings, as_of)
    steps.check(settings, as_of)


@task(name="score", cache_policy=NO_CACHE)
def build_scores(config: str, as_of: date, scored_from: date | None) -> None:
    """Hold earlier forecasts against what has happened."""
    steps.score(read_settings(Path(config)), as_of, scored_from)


@task(name="decide", cache_policy=NO_CACHE)
def decide(config: str, as_of: date) -> None:
    """Say what to do."""
    steps.decide(read_settings(Path(config)), as_of)


@task(name="publish", cache_policy=NO_CACHE)
def publish_release(config: str, run_id: str) -> Path:
    """Make the release and swap it in."""
    return publish(read_settings(Path(config)), run_id)


def _gather(config: str, settings: Settings, as_of: date) -> None:
    """Read every source side by side, then build and check the tables."""
    read: list[PrefectFuture[Any]] = [
        *(ingest_utilization.submit(config, source.name, as_of, _started()) for source in settings.utilization),
        *(ingest_bills.submit(config, source.name, as_of, _started()) for source in settings.billing),
    ]
    wait(read)
    were_read = [future.result() for future in read]  # every one, so that a defect in any of them is raised
    if not any(were_read):
        raise InputError("no source could be read; what is stored and published stays as it is, see the log for each")
    build_tables.submit(config, as_of).result()


def _forecast(settings: Settings, as_of: date) -> None:
    """Fit every series in chunks, and store all that came of them at once."""
    compute = settings.compute
    with timed("forecast", runner=compute.runner) as found, open_warehouse(settings.warehouse.path) as con:
        series = forecasts.count_series(con, settings, as_of)
        con.execute(f"set memory_limit = '{MEMORY_BESIDE_FITS}'")
        forecasts.open_stages(con)
        with fit_bar() as bar:
            progress = bar.add_task("forecast", total=series)
            for fitted in fit_all(compute, forecasts.chunks(con, settings, as_of)):
                forecasts.stage(con, fitted)
                bar.advance(progress, len(fitted.fit))
        forecasts.store_fits(con, settings.forecast, as_of)
        found["series"] = series


@contextmanager
def _recorded(settings: Settings, as_of: date, run_id: str) -> Iterator[None]:
    """Keep the run's row in `night` while it runs and where it fails; runs that were killed are marked so."""
    with open_warehouse(settings.warehouse.path) as con:
        con.execute("update night set state = 'killed' where state = 'running'")
        run(
            con,
            "insert into night (run_id, as_of, started_at, state, version) "
            "values ($run_id, $as_of, $started_at, 'running', $version)",
            {"run_id": run_id, "as_of": as_of, "started_at": _started(), "version": version("plimsoll")},
        )
    try:
        yield
    except Exception as error:
        _end(settings, run_id, "failed", str(error))
        raise


def _end(settings: Settings, run_id: str, state: str, message: str | None = None) -> None:
    with open_warehouse(settings.warehouse.path) as con:
        run(
            con,
            "update night set state = $state, message = $message, finished_at = (now() at time zone 'UTC') "
            "where run_id = $run_id",
            {"run_id": run_id, "state": state, "message": message},
        )


def _summarise(settings: Settings, as_of: date) -> None:
    """Leave the night's figures with Prefect as a table."""
    with open_warehouse(settings.warehouse.path) as con:
        result = run(con, load_sql("build/summary"), {"as_of": as_of})
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, map(str, row), strict=True)) for row in result.fetchall()]
    create_table_artifact(table=rows, key="night", description=f"The night of {as_of}")


def _started() -> datetime:
    """Return when this run was to start, naive UTC: the flow does not read the clock."""
    start: datetime = runtime.flow_run.scheduled_start_time
    return start.astimezone(UTC).replace(tzinfo=None)
