"""Whether the values of a file look like a counter or a rate a second: what its names say, and whether they fall."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

RATE_WORDS = re.compile(r"(?i)(\brps\b|\bqps\b|/s\b|per[ _-]?sec|_rate\b|\brate\b|_?reqps\b|\bhits/s)")
READINGS_MIN = 24  # of a series, before it is called a counter
RISING_MIN = 0.95  # of the steps of a counter that do not fall; the others are resets
MOVING_MIN = 0.5  # of its steps that rise: a number that stands is a gauge


def propose_shape(
    path: Path, titles: Sequence[str], series: Sequence[Sequence[str]], values: Sequence[str]
) -> list[str]:
    """Return the line that says the shape of what is not a gauge, with why."""
    named = next((text for text in (path.name.split(".")[0], *titles) if RATE_WORDS.search(text)), None)
    if named or any(re.search(r"(/s|rps|qps|reqps|ops)\s*$", text) for text in values[:50]):
        told = f"{named!r} says a second" if named else "its values say a second"
        return [f'shape = "rate"  # {told}: each sample counts for its step; take it away if they are no rates']
    readings = [[float(text) for text in one if re.fullmatch(r"[-+]?\d+(\.\d+)?", text)] for one in series]
    counters = [one for one in readings if is_counter(one)]
    if any(after < before for one in counters for before, after in pairwise(one)):
        return ['shape = "counter"  # it only rises but for resets, which begin near 0: take it away if it is a size']
    if counters:
        return ['# shape = "counter"  # it only rises: is it a counter, or a size that grows?']
    return []


def is_counter(values: Sequence[float]) -> bool:
    """Return whether readings in the order of time only rise, but for falls to about 0."""
    steps = [after - before for before, after in pairwise(values)]
    if len(steps) < READINGS_MIN:
        return False
    falls = [after for before, after in pairwise(values) if after < before]
    rises = [step for step in steps if step > 0]
    is_rising = len(rises) + steps.count(0) >= RISING_MIN * len(steps) and len(rises) >= MOVING_MIN * len(steps)
    return is_rising and all(after <= 2 * max(rises) for after in falls) and max(values) > 10 * max(rises)
