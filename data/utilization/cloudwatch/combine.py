"""From the points of resources to samples of services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

import numpy as np
import pandas as pd

from data.utilization.cloudwatch.api import Points


def combine(answered: Sequence[Points], period_s: int) -> pd.DataFrame:
    """Return one row a series and time: counts of several resources are added, of their use the largest stands."""
    with_points = [one for one in answered if one.times]
    names = sorted({one.asked.series for one in with_points})
    number = {series: k for k, series in enumerate(names)}
    part = {name: k for k, name in enumerate(sorted({one.asked.part_of for one in with_points}))}
    # A row a question, repeated for each of its points: a frame a question takes longer than asking it.
    asked = [
        (
            number[one.asked.series],
            part[one.asked.part_of],
            one.asked.measure.scale,
            period_s if one.asked.measure.is_per_second else 1,
            one.asked.measure.is_added,
        )
        for one in with_points
    ]
    types = {"series": "int64", "part": "int64", "scale": "float64", "over_s": "int64", "is_added": "bool"}
    each = pd.DataFrame(asked, columns=list(types)).astype(types)
    every = each.loc[np.repeat(each.index, [len(one.times) for one in with_points])].reset_index(drop=True)
    every["stamp"] = np.array(list(chain.from_iterable(one.times for one in with_points)), dtype="datetime64[us]")
    numbers = np.array(list(chain.from_iterable(one.numbers for one in with_points)), dtype=float)
    every["value"] = numbers * every["scale"] / every["over_s"]
    # Sorted, since a sum of doubles depends on its order.
    every = every.sort_values(["series", "stamp", "part", "value"])
    whole = every.groupby(["series", "stamp", "part"], as_index=False).agg({"value": "sum", "is_added": "any"})
    groups = whole.sort_values(["series", "stamp", "value"]).groupby(["series", "stamp"], as_index=False)
    together = groups.agg(total=("value", "sum"), largest=("value", "max"), is_added=("is_added", "any"))
    return pd.DataFrame(
        {
            "service": pd.array([names[k][0] for k in together["series"]], dtype="str"),
            "metric": pd.array([names[k][1] for k in together["series"]], dtype="str"),
            "stamp": together["stamp"].astype("datetime64[us]"),
            "value": together["total"].where(together["is_added"], together["largest"]).astype("float64"),
        }
    )


def newest_at(points: Points, moment: datetime) -> Points:
    """Return only the newest of its points, as if it were of that moment: limits are compared as they are now."""
    _, newest = max(zip(points.times, points.numbers, strict=True))
    return replace(points, times=[moment], numbers=[newest])
