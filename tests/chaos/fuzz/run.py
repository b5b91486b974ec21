"""The parsers that are fuzzed, and the loop over their inputs."""

import random
import tempfile
from collections import Counter
from pathlib import Path

from tests.chaos.fuzz import answers, bills, load, settings

PARSERS = {"load": load.reader, "bills": bills.reader, "settings": settings.reader, "answers": answers.reader}


def run(parser: str, inputs: int, first: int = 0) -> Counter[str]:
    """Read so many inputs; return how often each ended how. Raises AssertionError with the number of what failed."""
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, PARSERS[parser](Path(folder)) as read:
        for number in range(first, first + inputs):
            try:
                ends[read(random.Random(number))] += 1  # noqa: S311 - the same every time
            except Exception as error:
                raise AssertionError(f"{parser} {number}: {type(error).__name__}: {error}") from error
    return ends
