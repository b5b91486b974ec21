"""Where the level of days changes: the fewest pieces that explain it, and only edges that stand out from its nature.

Optimal partitioning (Jackson et al. 2005, "An algorithm for optimal partitioning of data on an interval"): of all ways
to cut the days into pieces of one level, the one with the least squared error and penalty. What is far off is cut at
FARTHEST deviations, so that one odd day is no more than that. An edge then has to pass how far levels of as many days
move apart anywhere in the series: what wanders, grows or has a season of the year does so all the time.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEFORE, AFTER = 21, 21  # days nearest to an edge that tell the levels beside it
DRIFT_DAYS, CLEAR = 14, 2.0  # days compared with the weeks before them; times how that varies
FARTHEST = 10.0  # deviations
NEAR = 7  # days, whose median is what a day is far from
PENALTY = 3.0  # of an edge, times the log of the days, in squared deviations
SURE, SURE_ALONE = 5.0, 11.5  # deviations: of an edge; of a single day
SURE_NEWEST = 8.0  # of the newest day: it may be the first of many, and the interval is to say so
AT_ONCE = 6.0  # deviations, of a day from the one before
NATURE = 0.4  # quantile of how far levels move apart, so that some breaks among them do not show
OF_NORMAL = 0.524  # that quantile of a normal deviation's size
LENGTHS = (1, 2, 3, 5, 7, 10, 14, 21)  # days
FEWEST, BREAK_SHARE = 20, 2  # differences that tell what is natural; times those that one break is in
LEAST_NOISE = 0.005  # of the level
CLIPPED = 2.0  # deviations from the median, that count for a level


@dataclass(frozen=True)
class Pieces:
    """Days `u` cut at `edges`, with the deviation of a day and, by length in days, that of levels so far apart."""

    u: Floats  # (day,), without the drift
    edges: list[int]  # first days of a new piece
    noise: float
    nature: dict[int, float]
    drift: float  # a day, all the time
    offset: float | None  # of the log that u is; None: it is none

    def bounds(self, k: int) -> tuple[int, int]:
        """First day of piece k, and the one after its last."""
        cuts = [0, *self.edges, len(self.u)]
        return cuts[k], cuts[k + 1]

    def level(self, days: NDArray[np.intp] | slice) -> float:
        """Level of some days: a mean in which what is odd counts as little as it should."""
        part = self.u[days]
        middle = float(np.median(part))
        away = CLIPPED * self.noise
        return middle + float(np.clip(part - middle, -away, away).mean())

    def log(self, values: Floats) -> Floats:
        """Values as u has them."""
        return values if self.offset is None else np.log(np.maximum(values, 0.0) + self.offset)

    def values(self, levels: Floats) -> Floats:
        """Levels of u as values."""
        return levels if self.offset is None else np.maximum(np.exp(levels) - self.offset, 0.0)

    def value(self, level: float) -> float:
        """One level as a value."""
        return float(self.values(np.array(level)))

    def of_value(self, value: float) -> float:
        """One value as u has it."""
        return float(self.log(np.array(value)))

    @property
    def penalty(self) -> float:
        """Squared deviations that an edge has to save."""
        return PENALTY * float(np.log(max(len(self.u), 2)))

    def unit(self, days: int) -> float:
        """Deviation of how far the level of so many days is from the one before, by nature."""
        return self.nature[max(n for n in LENGTHS if n <= max(days, 1))]


def cut(level: Floats, offset: float | None) -> Pieces:
    """Cut levels (day,), all known, into pieces of one level; on logs where there is an offset."""
    u = level if offset is None else np.log(level + offset)
    least = LEAST_NOISE * (1.0 if offset is not None else max(float(np.mean(np.abs(u))), 1e-300))
    noise = max(day_noise(u), least)
    # What jumps from one day to the next neither wanders nor grows.
    smooth = np.r_[0.0, np.cumsum(np.clip(np.diff(u), -AT_ONCE * noise, AT_ONCE * noise))]
    drift, days = _drift(smooth), np.arange(len(u))
    u, nature = u - drift * days, _nature(smooth - drift * days, noise)
    return _only_sure(Pieces(u, _partition(_tame(u, noise) / noise), noise, nature, drift, offset))


def _tame(u: Floats, noise: float) -> Floats:
    """Days u, each no farther from its neighbours than what counts."""
    near = np.lib.stride_tricks.sliding_window_view(np.pad(u, NEAR // 2, mode="edge"), NEAR)
    middle = np.median(near, axis=1)
    result: Floats = np.clip(u, middle - FARTHEST * noise, middle + FARTHEST * noise)
    return result


def day_noise(u: Floats) -> float:
    """Robust deviation of a day, by how days differ from the one before."""
    return 1.4826 * float(np.median(np.abs(np.diff(u)))) / float(np.sqrt(2))


def _drift(u: Floats) -> float:
    """How much a day adds, by how two weeks differ from the three before them; 0 where that is not clear."""
    moved = _moved(u, BEFORE, DRIFT_DAYS)
    if len(moved) < FEWEST:
        return 0.0
    usual = float(np.median(moved))
    is_clear = abs(usual) > CLEAR * float(np.median(np.abs(moved - usual)))
    return 2 * usual / (BEFORE + DRIFT_DAYS) if is_clear else 0.0


def _nature(u: Floats, noise: float) -> dict[int, float]:
    """Deviation, by length, of the level of so many days from that of the weeks before them.

    Where a history is too short to tell it of a length, so that one break would be most of it, that of a shorter one:
    what wanders goes no less far.
    """
    before = min(BEFORE, max(len(u) // 8, 1))
    units, wandered = {}, 0.0
    for n in LENGTHS:
        moved = np.abs(_moved(u, before, n))
        if len(moved) >= max(FEWEST, BREAK_SHARE * (before + n)):
            wandered = float(np.quantile(moved, NATURE)) / OF_NORMAL
        units[n] = max(noise * float(np.sqrt(1 / n + 1 / BEFORE)), wandered)
    return units


def _moved(u: Floats, before: int, days: int) -> Floats:
    """How far the mean of each so many days in a row is from that of the days before them."""
    total = np.r_[0.0, np.cumsum(u)]
    result: Floats = (total[before + days :] - total[before:-days]) / days - (
        total[before:-days] - total[: -before - days]
    ) / before
    return result


def _partition(z: Floats) -> list[int]:
    """First days of new pieces, of days z (day,) in deviations."""
    days = len(z)
    penalty = PENALTY * np.log(max(days, 2))
    total, square = np.r_[0.0, np.cumsum(z)], np.r_[0.0, np.cumsum(z * z)]
    best = np.empty(days + 1)
    best[0] = -penalty
    last = np.zeros(days + 1, dtype=np.intp)
    lengths = np.arange(days, 0, -1, dtype=np.float64)
    for end in range(1, days + 1):
        gap = total[end] - total[:end]
        cost = best[:end] + (square[end] - square[:end]) - gap * gap / lengths[days - end :]
        last[end] = at = int(cost.argmin())
        best[end] = cost[at] + penalty
    edges: list[int] = []
    at = int(last[days])
    while at > 0:
        edges.append(at)
        at = int(last[at])
    return edges[::-1]


def _only_sure(pieces: Pieces) -> Pieces:
    """Leave out edges, the least sure first, until all that are left are sure."""
    surety = [_surety(pieces, k) for k in range(len(pieces.edges))]
    while surety and min(surety) < 1:
        weakest = int(np.argmin(surety))
        edges = pieces.edges[:weakest] + pieces.edges[weakest + 1 :]
        del surety[weakest]
        pieces = replace(pieces, edges=edges)
        for k in range(max(weakest - 1, 0), min(weakest + 1, len(edges))):
            surety[k] = _surety(pieces, k)
    return pieces


def _surety(pieces: Pieces, k: int) -> float:
    """Jump at edge k over what makes it sure."""
    (begin, edge), (_, end) = pieces.bounds(k), pieces.bounds(k + 1)
    before, after = min(edge - begin, BEFORE), min(end - edge, AFTER)
    jump = abs(pieces.level(slice(edge, edge + after)) - pieces.level(slice(edge - before, edge)))
    days = min(before, after)
    alone = SURE_NEWEST if end == len(pieces.u) else SURE_ALONE
    return jump / (max(SURE, alone / float(np.sqrt(days))) * pieces.unit(days))
