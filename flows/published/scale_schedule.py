"""`plimsoll schedule`: the published schedule of a service in the words of what scales it, as json."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Literal

import duckdb

from data.errors import InputError
from data.warehouse import first_line

WEEK = 168  # hours; hour 0 is Monday 00:00 UTC
SUNDAY = 6
Layout = Literal["json", "ec2", "keda"]


def read_schedule(publish: Path, service: str, metric: str | None, layout: Layout) -> str:
    """Return the schedule of a service; raises InputError where there is none, or no whole number of units.

    `json` is hour by hour; `ec2` are scheduled actions of an Auto Scaling group, one where the number changes
    (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScheduledUpdateGroupActionRequest.html); `keda` are
    cron triggers of a ScaledObject, one a stretch of hours (https://keda.sh/docs/latest/scalers/cron/).
    """
    snapshot = publish / "snapshot.duckdb"
    if not snapshot.exists():
        raise InputError(f"{snapshot}: nothing is published yet; run plimsoll night first")
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            metric = _metric(con, service, metric)
            rows = con.execute(
                "select hour_of_week, units from current_scale_schedule where service = $service and metric = $metric "
                "order by hour_of_week",
                {"service": service, "metric": metric},
            ).fetchall()
            saving = con.execute(
                "select current_units, constant_units, mean_units, saving_ratio, saving_usd_month "
                "from current_scale_saving where service = $service and metric = $metric",
                {"service": service, "metric": metric},
            ).fetchall()
    except duckdb.Error as error:
        raise InputError(f"schedule: {first_line(error)}; run a night of this version first") from error
    units = [float(count) for _, count in rows]
    facts = dict(
        zip(
            ("current_units", "constant_units", "mean_units", "saving_ratio", "saving_usd_month"),
            saving[0],
            strict=True,
        )
    )
    if layout == "json":
        hours = [{"hour_of_week": hour, "units": count} for hour, count in enumerate(units)]
        return json.dumps({"service": service, "metric": metric, "timezone": "UTC", **facts, "hours": hours}, indent=1)
    if facts["current_units"] is None:
        raise InputError(
            f"schedule: {service} {metric}: how many units carry its limit is not known; "
            f"set units in [{service}.capacity.{metric}]"
        )
    whole = [float(ceil(count)) for count in units]  # of two and a half machines the third runs too
    actions = ec2_actions(service, whole) if layout == "ec2" else keda_triggers(whole)
    return json.dumps(actions, indent=1)


def ec2_actions(service: str, units: Sequence[float]) -> dict[str, object]:
    """Return scheduled actions: at each change the number wanted from that hour on."""
    actions = [
        {
            "ScheduledActionName": f"plimsoll-{service}-{start:03}",
            "Recurrence": _cron(start),
            "TimeZone": "Etc/UTC",
            "MinSize": int(count),
            "DesiredCapacity": int(count),
        }
        for start, _, count in stretches(units)
    ]
    return {"AutoScalingGroupName": service, "ScheduledUpdateGroupActions": actions}


def keda_triggers(units: Sequence[float]) -> dict[str, object]:
    """Return cron triggers: KEDA takes the largest of those that are on, and minReplicaCount where none is."""
    fewest = int(min(units))
    triggers = [
        {
            "type": "cron",
            "metadata": {
                "timezone": "Etc/UTC",
                "start": _cron(start),
                "end": _cron(end),
                "desiredReplicas": str(int(count)),
            },
        }
        for start, end, count in stretches(units)
        if count > fewest
    ]
    return {"minReplicaCount": fewest, "maxReplicaCount": int(max(units)), "triggers": triggers}


def stretches(units: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Yield hours (start, end exclusive, units) of equal units; one that runs over the end of the week is cut there."""
    start = 0
    for count, hours in groupby(units):
        end = start + len(list(hours))
        yield start, end % WEEK, count
        start = end


def _cron(hour_of_week: int) -> str:
    """Return the start of an hour as cron has it: Sunday is 0, Monday 1."""
    day, hour = divmod(hour_of_week, 24)
    return f"0 {hour} * * {0 if day == SUNDAY else day + 1}"


def _metric(con: duckdb.DuckDBPyConnection, service: str, metric: str | None) -> str:
    metrics = [
        name
        for (name,) in con.execute(
            "select distinct metric from current_scale_schedule where service = $service order by metric",
            {"service": service},
        ).fetchall()
    ]
    if metric in metrics:
        return str(metric)
    if not metrics:
        raise InputError(
            f"schedule: {service!r} has no schedule; it needs a limit and a forecast of every hour of the week "
            "([forecast] hourly_days of at least 7)"
        )
    if metric is not None or len(metrics) > 1:
        raise InputError(f"schedule: {service!r} has schedules for {', '.join(metrics)}; name one with --metric")
    return str(metrics[0])
