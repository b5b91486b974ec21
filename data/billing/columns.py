"""A vendor's columns under the names that its translation in sql/billing knows, as texts, null where there are none."""

import re
from collections.abc import Mapping

from data.billing.scan import Scan
from data.warehouse import identifier


def as_texts(scan: Scan, names: Mapping[str, tuple[str, ...]]) -> str:
    """Return the select list `text as ours` for the first of each name's spellings that the files have."""
    spelt = {_plain(column): column for column in scan.types}
    selected = []
    for ours, theirs in names.items():
        found = next((spelt[_plain(name)] for name in theirs if _plain(name) in spelt), None)
        selected.append(f"nullif(trim({identifier(found)}::varchar), '') as {ours}" if found else f"null as {ours}")
    return ", ".join(selected)


def missing(scan: Scan, names: Mapping[str, tuple[str, ...]], wanted: tuple[str, ...]) -> str | None:
    """Return the vendor's name of the first of our `wanted` names that the files have no column for."""
    spelt = {_plain(column) for column in scan.types}
    return next((names[ours][0] for ours in wanted if not spelt & {_plain(name) for name in names[ours]}), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
