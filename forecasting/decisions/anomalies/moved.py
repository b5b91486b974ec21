"""Use that changed its place or its owner: neither dearer nor a saving, so nobody has to look at it.

Within a service some cells fall by as much as others rise, and the whole stands out nowhere. Between services the same
use begins at one as it ends at another: a new tag, a service that was renamed or split.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.decisions.anomalies.cost_episode import CostDays, CostEpisode
from forecasting.decisions.anomalies.cost_line import WEEK

Floats = NDArray[np.float64]

NET = 0.1  # of what moved: what may be left of it, as noise
AT_ONCE = 1  # days between the first days of what belongs together
WITHIN = "moved within the service"


@dataclass(frozen=True)
class Found:
    """An episode of a service, and the use it is mostly of: what names it whoever pays."""

    service: str
    use: Hashable
    episode: CostEpisode
    a_day: float  # how much more it costs a day than on the same days of the week before


def is_within(days: CostDays, episode: CostEpisode) -> bool:
    """Tell whether the cells of a service only changed places: the whole stood out on no day."""
    span = slice(episode.start, episode.end + 1)
    if days.judged.is_part[-1, span].any():
        return False
    apart = (days.cost - days.judged.expected)[:-1, span].sum(axis=1)[days.judged.is_part[:-1, span].any(axis=1)]
    return bool(abs(apart.sum()) <= NET * np.abs(apart).sum() / 2)


def a_day(cost: Floats, episode: CostEpisode) -> float:
    """Return how much more a day of an episode costs (cost by day) than the same days of the weeks right before it."""
    span = slice(episode.start, episode.end + 1)
    back = WEEK * -(-(span.stop - span.start) // WEEK)
    before = cost[max(span.start - back, 0) : span.stop - back]
    return float(cost[span].mean() - before.mean()) if len(before) else 0.0


def between(found: Sequence[Found]) -> Mapping[int, str]:
    """Return what to say of those (by place) that belong together: they begin at once and cost nothing in sum."""
    by_use: dict[Hashable, list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        by_use[one.use].append(place)
    said: dict[int, str] = {}
    for places in by_use.values():
        for together in _at_once(found, places):
            said |= _said([(place, found[place]) for place in together])
    return said


def _at_once(found: Sequence[Found], places: Sequence[int]) -> list[list[int]]:
    """Cut places into runs whose episodes begin within AT_ONCE days of the one before."""
    order = sorted(places, key=lambda place: found[place].episode.start)
    starts = np.array([found[place].episode.start for place in order])
    cuts = np.flatnonzero(np.diff(starts) > AT_ONCE) + 1
    return [[order[at] for at in run] for run in np.split(np.arange(len(order)), cuts)]


def _said(together: Sequence[tuple[int, Found]]) -> dict[int, str]:
    rise = [one for one in together if one[1].a_day > 0]
    fall = [one for one in together if one[1].a_day < 0]
    more, less = (sum(abs(one.a_day) for _, one in side) for side in (rise, fall))
    if not (rise and fall) or abs(more - less) > NET * max(more, less):
        return {}
    return {place: f"moved from {_names(fall)}" for place, _ in rise} | {
        place: f"moved to {_names(rise)}" for place, _ in fall
    }


def _names(side: Sequence[tuple[int, Found]]) -> str:
    return ", ".join(sorted({one.service for _, one in side}))
