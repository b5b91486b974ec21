"""Which files make up each billing period of an AWS Data Export, by its manifests.

https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
Layout: <export>/metadata/BILLING_PERIOD=YYYY-MM/<name>-Manifest.json names the files of the current execution below
<export>/data/BILLING_PERIOD=YYYY-MM/. It is written last, so a folder that it does not name is superseded or still
being written: it is never read as the current one. Each execution keeps a manifest of its own one folder below.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from data.billing.deliveries import ENDINGS, LINES_ENDINGS, Delivery, plain_delivery
from data.billing.described import Manifests, described, key_below
from data.errors import BrokenDelivery, NoData
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.locate import Located

_PERIOD = re.compile(r"BILLING_PERIOD=(\d{4})-(\d{2})$", re.IGNORECASE)


def find_deliveries(
    source: str, located: Located, known: frozenset[str] | None, known_at: datetime | None = None
) -> list[Delivery]:
    """Return the deliveries of every billing period below an export's folder, or the plain files as one.

    Those that are superseded and not `known` come before the current one, which is the newest that was there at
    `known_at`, if that is said and one lies there. Raises NoData where there is nothing to read.
    """
    folder = located.folder
    if located.pattern is None and folder.folders() & {"data", "metadata"}:
        return _exported(source, folder, known, known_at)
    return [plain_delivery(source, located, (*ENDINGS, *LINES_ENDINGS))]


def _exported(source: str, folder: Folder, known: frozenset[str] | None, known_at: datetime | None) -> list[Delivery]:
    manifests = [entry for entry in folder.entries("metadata/") if entry.name.lower().endswith("manifest.json")]
    current: dict[str, list[Entry]] = defaultdict(list)
    older: dict[str, list[Entry]] = defaultdict(list)
    for manifest in manifests:
        parts = manifest.key.split("/")
        if len(parts) > 2 and _PERIOD.match(parts[1]):  # noqa: PLR2004 - metadata/BILLING_PERIOD=.../file
            (current if len(parts) == 3 else older)[parts[1]].append(manifest)  # noqa: PLR2004 - the same
    if not current:
        raise NoData(
            f"{source}: {folder.where}: has data but no metadata/BILLING_PERIOD=*/*-Manifest.json; "
            "the export is still being written, or its metadata folder was not copied"
        )
    deliveries = _unnamed(source, folder, current.keys())
    for period, named in sorted(current.items()):
        now = _only_one(source, folder, [_from_manifest(source, folder, manifest, period) for manifest in named])
        if known_at is not None:
            every = [_from_manifest(source, folder, manifest, period) for manifest in older[period]]
            deliveries.append(_as_known(now, every, known_at))
            continue
        before = [
            _from_manifest(source, folder, manifest, period)
            for manifest in older[period]
            if known is not None and manifest.key.split("/")[2] not in known | {now.execution_id}
        ]
        deliveries += [
            Delivery(one.billing_period, one.execution_id, one.delivered_at, folder, one.files, is_current=False)
            for one in sorted(before, key=lambda delivery: delivery.execution_id)
            # What was superseded may have been cleared away: that is no fault.
            if one.problem is None and one.execution_id != now.execution_id
        ]
        deliveries.append(now)
    return deliveries


def _as_known(now: Delivery, older: Sequence[Delivery], known_at: datetime) -> Delivery:
    """Return the newest delivery of a period that was there at a moment; the current one where none of them is left."""
    there = [one for one in (*older, now) if one.was_known(known_at) and one.problem is None]
    return max(there, key=lambda one: (one.delivered_at or known_at, one.execution_id), default=now)


def _unnamed(source: str, folder: Folder, named: Iterable[str]) -> list[Delivery]:
    """Return what has files and no manifest, by period: it is noted, since it may be a month that nobody sees."""
    known = {period.lower() for period in named}
    periods = {entry.key.split("/")[1] for entry in folder.entries("data/")}
    return [
        Delivery(
            date(int(match[1]), int(match[2]), 1),
            period,
            None,
            folder,
            (),
            pending=f"{source}: {folder.where}/data/{period}: is not read: metadata/{period} has no manifest, which is "
            "written last; wait for it, or copy it too",
        )
        for period in sorted(periods)
        if period.lower() not in known and (match := _PERIOD.match(period))
    ]


def _only_one(source: str, folder: Folder, named: list[Delivery]) -> Delivery:
    """Return the delivery that a period's manifests name; several may, if they say the same."""
    if len({(delivery.execution_id, delivery.files) for delivery in named}) == 1:
        return named[0]
    names = " and ".join(delivery.manifest.key for delivery in named if delivery.manifest)
    problem = BrokenDelivery(
        f"{source}: {folder.where}: {names} name different files for one billing period; remove the one that is "
        "not of this export, or give each export its own folder"
    )
    return Delivery(named[0].billing_period, "", None, folder, (), problem=problem)


def _from_manifest(source: str, folder: Folder, manifest: Entry, period: str) -> Delivery:
    match = _PERIOD.match(period)
    assert match is not None  # noqa: S101 - the caller chose by it
    month = date(int(match[1]), int(match[2]), 1)
    return described(source, folder, manifest, month, Manifests("a Data Exports manifest", "execution", _facts(period)))


def _facts(period: str) -> Callable[[Any], tuple[str, list[str]]]:
    """Return what gets the execution and the keys of its files from a manifest of a period."""
    anchors = (f"/data/{period}/",)
    return lambda document: (
        str(document["executionId"]),
        [key_below(str(name), anchors) for name in document["dataFiles"]],
    )
