"""What a scenario does to the cost of a team and of everything: joint futures of what it changes and what it leaves.

Services err together (forecasting/paths/together.py). So the futures of each are laid in the order of scores that share
a part (Iman and Conover 1982), with and without the scenario alike: a change is of the same futures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.paths.calendar_sums import SCORES
from forecasting.paths.together import align_errors, common_correlation, generator_of

Floats = NDArray[np.float64]
Futures = Mapping[tuple[str, str, np.datetime64], tuple[Floats, Floats]]  # (service, metric, month): without, with

LOW, HIGH = 4, -5  # places of the standard normal scores -2 and 2 among the quantiles of a sum


@dataclass(frozen=True)
class ScopeSum:
    """Cost of a month of a team or of everything, by future; the means are the sums of the services' own."""

    scope: str
    name: str
    metric: str
    start: np.datetime64
    without: Floats
    with_it: Floats
    mean: float  # without it


def scope_sums(changed: Futures, members: pd.DataFrame, sums: pd.DataFrame) -> Iterator[ScopeSum]:
    """Yield the sums of every team that has a changed service, and of everything, by month.

    `members`: team, service, metric, of each series of cost. `sums`: service, metric, period_start, known, mean,
    quantiles (at SCORES), origins and errors of each series' whole months.
    """
    every = sums.merge(members, on=["service", "metric"])
    services = {service for service, _, _ in changed}
    teams = sorted(set(every.loc[every["service"].isin(services), "team"]))
    scopes = [("team", team, every[every["team"] == team]) for team in teams] + [("total", "(total)", every)]
    months = {(metric, start) for _, metric, start in changed}
    for scope, name, of_scope in scopes:
        for (metric, begin), part in of_scope.groupby(["metric", "period_start"], sort=True):
            start = pd.Timestamp(str(begin)).to_datetime64().astype("datetime64[us]")
            if (metric, start) in months:
                yield _sum(scope, name, str(metric), start, part, changed)


def _sum(  # noqa: PLR0913, PLR0917 - of what, when, and its series
    scope: str, name: str, metric: str, start: np.datetime64, part: pd.DataFrame, changed: Futures
) -> ScopeSum:
    quantiles = np.stack(part["quantiles"].to_list()).astype(float)
    correlation = common_correlation(align_errors(part), quantiles[:, HIGH] - quantiles[:, LOW])
    count = len(next(iter(changed.values()))[0])
    common = generator_of("scenario", scope, name, metric).standard_normal(count) * np.sqrt(correlation)
    without, with_it = np.zeros(count), np.zeros(count)
    for service, own in zip(part["service"], quantiles, strict=True):
        score = common + generator_of("scenario", service, metric).standard_normal(count) * np.sqrt(1 - correlation)
        pair = changed.get((str(service), metric, start))
        if pair is None:
            same = np.interp(score, SCORES, own)
            without, with_it = without + same, with_it + same
            continue
        place, order = np.argsort(np.argsort(score)), np.argsort(pair[0], kind="stable")
        without, with_it = without + pair[0][order][place], with_it + pair[1][order][place]
    return ScopeSum(scope, name, metric, start, without, with_it, float(part["mean"].sum()))
