"""A vendor's columns under the names that its translation in sql/billing knows, as texts, null where there are none."""

import re
from collections.abc import Callable, Mapping

from data.billing.read.scan import Scan

Names = Mapping[str, tuple[str, ...]]  # ours: theirs, the first that is there


def plain(name: str) -> str:
    """Return a name as all its spellings: `lineItem/UnblendedCost` and `line_item_unblended_cost` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def as_texts(scan: Scan, names: Names, spelt: Callable[[str], str] = plain) -> str:
    """Return the select list `text as ours` for the first of each name's spellings that the files have."""
    columns = {ours: scan.find(*theirs, spelt=spelt) for ours, theirs in names.items()}
    return ", ".join(
        f"nullif(trim({scan.text(column)}), '') as {ours}" if column else f"null::varchar as {ours}"
        for ours, column in columns.items()
    )


def missing(scan: Scan, names: Names, wanted: tuple[str, ...], spelt: Callable[[str], str] = plain) -> str | None:
    """Return the vendor's name of the first of our `wanted` names that the files have no column for."""
    return next((names[ours][0] for ours in wanted if scan.find(*names[ours], spelt=spelt) is None), None)
