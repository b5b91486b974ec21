"""What keeps an anomaly from being an alert: events, acknowledgements, its size, and too many on one day.

An event mutes what goes its way: a shop that is down on the day of its sale is an alert.
"""

from collections import defaultdict
from datetime import date

import pandas as pd

PRIVATE = ("is_small", "last_day", "said")  # what muting reads and the table does not hold
Row = dict[str, object]


def mute(rows: list[Row], reasons: pd.DataFrame, most_a_day: int) -> list[Row]:
    """Return the rows with is_muted and muted_by.

    `reasons`: service, metric (null: all), first_day, last_day, muted_by, is_event.
    """
    by_service: dict[str | None, list[Row]] = defaultdict(list)
    for reason in reasons.to_dict("records"):
        service = reason["service"] if isinstance(reason["service"], str) else None
        by_service[service].append({str(name): value for name, value in reason.items()})
    of_series: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        of_series[str(row["service"]), str(row["metric"])].append(row)
    said = [
        _reason(
            row, by_service[None] + by_service[str(row["service"])], of_series[str(row["service"]), str(row["metric"])]
        )
        for row in rows
    ]
    shown: dict[object, int] = defaultdict(int)
    order = sorted(range(len(rows)), key=lambda place: (-float(str(rows[place]["score"])), place))
    for place in order:
        if said[place] is None:
            day = rows[place]["first_seen"]
            shown[day] += 1
            if shown[day] > most_a_day:
                said[place] = f"one of many first seen on {day}"
    return [
        {key: value for key, value in row.items() if key not in PRIVATE}
        | {"is_muted": reason is not None, "muted_by": reason}
        for row, reason in zip(rows, said, strict=True)
    ]


def _reason(row: Row, reasons: list[Row], of_series: list[Row]) -> str | None:
    if row.get("said"):
        return str(row["said"])
    for reason in reasons:
        if _is_meant(row, reason) and not (reason["is_event"] and _is_against(row, reason, of_series)):
            return str(reason["muted_by"])
    return "small" if row["is_small"] else None


def _is_against(row: Row, event: Row, of_series: list[Row]) -> bool:
    """Tell whether an anomaly goes the other way than all that an event did to its series."""
    together = sum(float(str(other["impact"])) for other in of_series if _is_meant(other, event))
    return together * float(str(row["impact"])) < 0


def _is_meant(row: Row, reason: Row) -> bool:
    """Tell whether an anomaly lies within the days of a reason."""
    if isinstance(reason["metric"], str) and reason["metric"] != row["metric"]:
        return False
    return _day(row["from_utc"]) >= _day(reason["first_day"]) and _day(row["last_day"]) <= _day(reason["last_day"])


def _day(moment: object) -> date:
    return pd.Timestamp(str(moment)).date()
