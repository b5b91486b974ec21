"""What is not known of a series that is too short to try a forecast on: its level, and where that goes.

An error is what differs from step to step, and a level that wanders in `known` steps by as much as a step differs: so
its size grows with the root of 1 + steps / known, and most of it lasts.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Correlation of errors of neighbouring steps, and of far ones: simulated futures have sums and highest steps about as
# wide as those of such errors, where 3 to 25 of 90 steps are known.
LASTING = (0.9, 0.4)


def widening(horizon: int, known: int) -> Floats:
    """Size of the error by step, in units of the first one."""
    sizes: Floats = np.sqrt(1 + np.arange(horizon) / max(known, 1))
    return sizes
