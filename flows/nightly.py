"""The night as a Prefect flow, for who runs a Prefect server: each step is a task, its figures are an artifact.

Imported only where there is a server: Prefect takes seconds to import, and reads the environment while it does.
"""

import signal
from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any

from prefect import flow, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.exceptions import TerminationSignal
from prefect.tasks import Task

from data.errors import PlimsollError, StepFailed
from data.secret import redact_logs
from data.warehouse import load_sql, open_warehouse, run
from flows.clock import now_utc
from flows.memory import check_addresses
from flows.night import RETRY_DELAYS_S, Call, Step, is_worth_a_retry, run_night
from flows.record import Night, plan_night, recorded
from flows.schedule.catch_up import catch_up
from flows.settings import read_settings
from flows.stopping import Stopped, is_interrupted


@flow(name="nightly")
def nightly(config: str, as_of: date | None = None) -> str:
    """Run the night that is due, and before it those that were missed; return the folder that readers see.

    `as_of` is the first moment not known to the night: else the configuration's, else the day the run was scheduled
    for. Where it is given, no other night is run.
    """
    redact_logs()
    check_addresses()
    file = Path(config).resolve()
    settings = read_settings(file)
    scheduled = runtime.flow_run.scheduled_start_time.astimezone(UTC).date()
    if as_of is None and settings.as_of is None:
        catch_up(file, settings, scheduled, now_utc, run_as_tasks)
    night = plan_night(file, settings, as_of or settings.as_of or scheduled, now_utc())
    try:
        with recorded(night):
            return str(run_as_tasks(night))
    except Stopped as stopped:  # Prefect's own word for it: a run that was cancelled is not a run that crashed
        raise TerminationSignal(signal.SIGTERM) from stopped


def run_as_flow(night: Night) -> Path:
    """Run a night that is already recorded as a flow run of its own."""

    @flow(name="nightly")
    def recorded_night(config: str, as_of: date) -> None:  # noqa: ARG001 - what the run shows as its parameters
        run_as_tasks(night)

    recorded_night(str(night.config), night.as_of)
    return night.settings.publish.dir


def run_as_tasks(night: Night) -> Path:
    """Run a night's steps as tasks of the flow run that this is in, and leave its figures there."""
    folder = run_night(night, as_tasks)
    with open_warehouse(night.settings.warehouse.path) as con:
        result = run(con, load_sql("build/summary"), {"as_of": night.as_of})
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, map(str, row), strict=True)) for row in result.fetchall()]
    create_table_artifact(table=rows, key="night", description=f"The night of {night.as_of}")
    return folder


def as_tasks(calls: Sequence[Call]) -> list[Any]:
    """Run steps as tasks side by side; return what each gave, or raise the first error of all once every one ended."""
    if len(calls) == 1:  # in this thread, where a cancellation reaches it
        ((step, arguments),) = calls
        return [_task(step)(*arguments)]
    futures = [_task(step).submit(*arguments) for step, arguments in calls]
    for future in futures:
        future.wait()
    return [future.result() for future in futures]


def _task(step: Step) -> Task[..., Any]:
    def run_step(*arguments: Any) -> Any:  # noqa: ANN401 - those of the step
        try:
            return step.call(*arguments)
        except PlimsollError:
            raise
        except Exception as error:
            if is_interrupted(error):
                raise TerminationSignal(signal.SIGTERM) from error
            # what Prefect keeps of it must pass the redaction of our errors
            raise StepFailed(f"{step.name}: {type(error).__name__}: {error}") from error

    as_task = task(
        name=step.name,
        retries=step.retries,
        retry_delay_seconds=[float(seconds) for seconds in RETRY_DELAYS_S],
        retry_condition_fn=_may_succeed,
        cache_policy=NO_CACHE,
    )
    return as_task(run_step)


def _may_succeed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, StepFailed) or is_worth_a_retry(error)
