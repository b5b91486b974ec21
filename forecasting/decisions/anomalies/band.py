"""What an anomaly stood out from: measured days or hours around it, what was expected, how far off nothing alerts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Row = dict[str, object]
Key = tuple[object, object, object]  # service, metric, from_utc of an anomaly

COLUMNS = ["service", "metric", "from_utc", "time_utc", "part", "actual", "expected", "lo", "hi"]
MOST = 12  # anomalies whose band is kept: no reader looks at more pictures


@dataclass(frozen=True)
class Band:
    """One step apart from `start` on; `edge` is the largest error that does not alert, NaN where nothing was judged.

    `part` is the cell that it is of; None: the whole series.
    """

    start: pd.Timestamp
    step: pd.Timedelta
    actual: Floats
    expected: Floats
    edge: Floats
    part: str | None = None


def shown_bands(rows: list[Row], bands: dict[Key, Band]) -> pd.DataFrame:
    """Return the bands of the anomalies (rows of `anomaly`) that are looked at first: open, large in their unit."""
    seen = [row for row in rows if not row["is_muted"] and key(row) in bands]
    size = pd.Series([abs(float(str(row["impact"]))) for row in seen], dtype=float)
    rank = size.groupby([row["unit"] for row in seen]).rank(ascending=False, method="first")
    order = sorted(range(len(seen)), key=lambda place: (seen[place]["to_utc"] is not None, rank[place], place))
    points = [point for place in order[:MOST] for point in _points(key(seen[place]), bands[key(seen[place])])]
    return pd.DataFrame(points, columns=COLUMNS)


def key(row: Row) -> Key:
    """Return what names an anomaly."""
    return row["service"], row["metric"], row["from_utc"]


def _points(anomaly: Key, band: Band) -> Iterator[tuple[object, ...]]:
    for place, (actual, expected, edge) in enumerate(
        zip(band.actual.tolist(), band.expected.tolist(), band.edge.tolist(), strict=True)
    ):
        low = expected - edge
        ends = (max(low, 0.0) if expected >= 0 else low, expected + edge)
        yield (*anomaly, band.start + place * band.step, band.part, actual, expected, *ends)
