"""A delivery as its manifest describes it: the id of the run, and the files that it names, which must all be there."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from data.billing.deliveries import Delivery, beside
from data.errors import BrokenDelivery
from data.storage.entry import Entry
from data.storage.folder import Folder

_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)-")  # that an execution's id begins with


@dataclass(frozen=True)
class Manifests:
    """A vendor's manifests: what one is called, what it describes, and the id and the files' keys that it says.

    `facts` raises ValueError, KeyError or TypeError where a document is another.
    """

    name: str
    whole: str
    facts: Callable[[Any], tuple[str, list[str]]]


def described(source: str, folder: Folder, manifest: Entry, month: date, kind: Manifests) -> Delivery:
    """Return the delivery that a manifest describes; its `problem` says what is wrong with it."""
    where = f"{source}: {folder.where}/{manifest.key}"
    try:
        execution, keys = kind.facts(json.loads(folder.read(manifest)))
    except (ValueError, KeyError, TypeError) as error:
        problem = BrokenDelivery(
            f"{where}: not {kind.name} ({type(error).__name__}: {error}); wait for the next delivery, or restore it "
            "from the bucket"
        )
        return Delivery(month, "", None, folder, (), manifest, problem=problem)
    there = {entry.key: entry for entry in beside(folder, keys)}
    missing = [key for key in keys if key not in there]
    written = _TIME.match(execution)
    return Delivery(
        billing_period=month,
        execution_id=execution,
        delivered_at=datetime.fromisoformat(written[1]).astimezone(UTC).replace(tzinfo=None) if written else None,
        folder=folder,
        files=tuple(there[key] for key in sorted(set(keys)) if key in there),  # addresses of one file may differ
        manifest=manifest,
        problem=BrokenDelivery(
            f"{where}: names {missing[0] if missing else 'no data file'}, which is not there; "
            f"copy the whole {kind.whole}, or wait for the next delivery"
        )
        if missing or not keys
        else None,
    )


def key_below(address: str, anchors: tuple[str, ...]) -> str:
    """Return a file's key below the source's folder from its address, by the first anchor in it; raises ValueError."""
    for anchor in anchors:
        _, separator, rest = f"/{address}".partition(anchor)
        if separator:
            return anchor.lstrip("/") + rest
    raise ValueError(f"{address} is not below {' or '.join(anchor.strip('/') for anchor in anchors)}")
