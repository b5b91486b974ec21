"""One night: ingest, build, check, forecast, score, decide, thin, publish. It is the same with and without Prefect.

Steps get names and dates, and open the warehouse themselves; `do` runs some of them side by side: in threads here, as
Prefect tasks in flows/nightly.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import stamina

from data.errors import PlimsollError
from data.warehouse import open_warehouse
from flows import forecasts, steps
from flows.fan_out import fan_out
from flows.fit_all import fit_all
from flows.progress import fit_bar, timed
from flows.publish import publish
from flows.record import Night, end_night
from flows.settings import Compute, read_settings
from flows.stopping import is_interrupted

MEMORY_BESIDE_FITS = "1GiB"  # of the database while chunks of series are in memory too
RETRY_DELAYS_S = (2, 20)


@dataclass(frozen=True)
class Step:
    """A step by its name; a retry helps where the disk or the network failed."""

    name: str
    call: Callable[..., Any]
    retries: int = 0


Call = tuple[Step, tuple[Any, ...]]
Do = Callable[[Sequence[Call]], list[Any]]


def run_night(night: Night, do: Do) -> Path:
    """Run the steps of a night; return the folder that readers see."""
    config, as_of, settings = str(night.config), night.as_of, night.settings
    steps.prepare(settings, as_of)
    was_read = do(
        [
            *((INGEST_LOAD, (config, source.name, as_of, night.started_at)) for source in settings.utilization),
            *(
                (INGEST_BILLS, (config, source.name, as_of, night.started_at, night.bills_known_at))
                for source in settings.billing
            ),
        ]
    )
    if not any(was_read):
        raise steps.nothing_read(settings, as_of)
    do([(BUILD, (config, as_of))])
    do([(FORECAST, (config, as_of))])
    do([(SCORE, (config, as_of, night.scored_from))])
    do([(DECIDE, (config, as_of))])
    do([(THIN, (config, as_of))])
    if night.is_published:
        do([(PUBLISH, (config, night.run_id))])
    end_night(night, "done")  # not before readers have it: where there is no room for a row, it must not say so
    return settings.publish.dir


def in_threads(calls: Sequence[Call]) -> list[Any]:
    """Run steps side by side; return what each gave, or raise the first error of all once every one has ended."""
    if len(calls) == 1:  # in this thread, where a signal reaches it
        return [_tried(calls[0])]
    by_place = {
        place: result for (place, _), result in fan_out(Compute(workers=len(calls)), _numbered, enumerate(calls))
    }
    results = [by_place[place] for place in range(len(calls))]
    for error in (result for result in results if isinstance(result, Exception)):
        raise error
    return results


def is_worth_a_retry(error: BaseException) -> bool:
    """Tell whether the same step may succeed a little later: what a user has to mend will not."""
    return isinstance(error, Exception) and not isinstance(error, PlimsollError) and not is_interrupted(error)


def _numbered(numbered: tuple[int, Call]) -> Any:  # noqa: ANN401 - what the step returns
    return _tried(numbered[1])


def _tried(call: Call) -> Any:  # noqa: ANN401 - what the step returns
    step, arguments = call
    first, longest = RETRY_DELAYS_S
    for attempt in stamina.retry_context(
        on=is_worth_a_retry, attempts=step.retries + 1, wait_initial=first, wait_max=longest
    ):
        with attempt:
            return step.call(*arguments)
    raise AssertionError("unreachable: the last attempt raises")


def _ingest_utilization(config: str, source: str, as_of: date, now: datetime) -> bool:
    settings = read_settings(Path(config))
    return steps.ingest_utilization(settings, next(s for s in settings.utilization if s.name == source), as_of, now)


def _ingest_bills(config: str, source: str, as_of: date, now: datetime, known_at: datetime | None) -> bool:
    settings = read_settings(Path(config))
    named = next(s for s in settings.billing if s.name == source)
    return steps.ingest_bills(settings, named, as_of, now, known_at)


def _build(config: str, as_of: date) -> None:
    settings = read_settings(Path(config))
    steps.build(settings, as_of)
    steps.check(settings, as_of)


def _forecast(config: str, as_of: date) -> None:
    """Fit every series in chunks, and store all that came of them at once."""
    settings = read_settings(Path(config))
    compute = settings.compute
    with timed("forecast", runner=compute.runner) as facts, open_warehouse(settings.warehouse.path) as con:
        series = forecasts.count_series(con, settings, as_of)
        con.execute(f"set memory_limit = '{MEMORY_BESIDE_FITS}'")
        forecasts.open_stages(con)
        with fit_bar() as bar:
            progress = bar.add_task("forecast", total=series)
            for fitted in fit_all(compute, forecasts.chunks(con, settings, as_of)):
                forecasts.stage(con, fitted)
                bar.advance(progress, len(fitted.fit))
        forecasts.store_fits(con, settings.forecast, as_of)
        facts["series"] = series


def _score(config: str, as_of: date, scored_from: date | None) -> None:
    settings = read_settings(Path(config))
    steps.score(settings, as_of, scored_from)
    steps.score_periods(settings, as_of, scored_from)


def _decide(config: str, as_of: date) -> None:
    steps.decide(read_settings(Path(config)), as_of)


def _thin(config: str, as_of: date) -> None:
    steps.thin(read_settings(Path(config)), as_of)


def _publish(config: str, run_id: str) -> None:
    publish(read_settings(Path(config)), run_id)


INGEST_LOAD = Step("ingest load", _ingest_utilization, retries=2)
INGEST_BILLS = Step("ingest bills", _ingest_bills, retries=2)
BUILD = Step("build", _build)
FORECAST = Step("forecast", _forecast)
SCORE = Step("score", _score)
DECIDE = Step("decide", _decide)
THIN = Step("thin", _thin)
PUBLISH = Step("publish", _publish)
