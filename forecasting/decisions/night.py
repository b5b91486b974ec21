"""What every decision is given beside its inputs, and what it hands back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

Frames = Mapping[str, pd.DataFrame]  # by input: the name of its query


@dataclass(frozen=True)
class Night:
    """The night that decides."""

    as_of: date  # the first moment not known
    paths: int = 1000  # simulated futures a series
    fiscal_year_starts: int = 1  # month


@dataclass(frozen=True)
class Rows:
    """Rows that take the place of this night's in a table, or of those that have `keys` too."""

    table: str
    frame: pd.DataFrame  # the table's columns by name, without the column of the night; may be empty
    keys: Mapping[str, str] | None = None
    is_newest_only: bool = False  # then no earlier night's stay
