"""A break: where a series left what it was, for how long, and by how much."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["outage", "excursion", "step", "ramp", "variance", "saturation"]

MOVED: tuple[Kind, ...] = ("step", "ramp")  # the level is another one afterwards
LEFT: tuple[Kind, ...] = ("outage", "excursion")  # and came back, or is expected to

MOST_EVIDENCE = 1e6  # robust deviations: what hardly varies stands out by any number


@dataclass(frozen=True)
class Going:
    """How a level that moved may be moving still: nearly as likely as that it has settled."""

    since: int  # column
    pace: float  # share of today's level, a column
    factor: float  # today's level / the level that it has settled at if it has


@dataclass(frozen=True)
class Break:
    """Columns are of the panel it was found in; what is open reached the last column that was known.

    outage: to zero or far under what is usual. excursion: away, either way. step: at another level from `begin` on,
    where `end` is `begin`. ramp: moved gradually from `begin` to `end`. variance: another spread from `begin` on.
    saturation: pressed against a ceiling from `begin` to `end`.
    """

    kind: Kind
    begin: int
    end: int  # the column after the last
    is_open: bool
    factor: float  # level in it or after it / level before; spread for variance; NaN where a level may be below zero
    shift: float  # level in it or after it - level before; for saturation the ceiling; unit of the series
    evidence: float  # robust deviations of the series that it stands out by; for saturation the share of cells
    going: Going | None = None  # of the newest step or ramp
