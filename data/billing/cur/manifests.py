"""Which files make up each billing period of a Cost and Usage Report (CUR 1), by its manifests.

https://docs.aws.amazon.com/cur/latest/userguide/understanding-report-versions.html
<report>/<YYYYMMDD-YYYYMMDD>/<report>-Manifest.json names the files of the current assembly (`assemblyId`,
`reportKeys`); the same manifest lies beside the files. With "create new" they are below <period>/<assemblyId>/, with
"overwrite" in <period>/ itself, for Athena in <report>/<report>/year=Y/month=M/.
"""

import json
import re
from dataclasses import replace
from datetime import date

from data.billing.deliveries import Delivery, beside
from data.errors import BrokenDelivery, NoData
from data.storage.entry import Entry
from data.storage.folder import Folder

PERIOD = re.compile(r"^(\d{4})(\d{2})(\d{2})-\d{8}$")


def find_reports(source: str, folder: Folder, known: frozenset[str] | None) -> list[Delivery]:
    """Return the current report of every billing period, and those it superseded that are not `known` before it."""
    found: list[Delivery] = []
    pending: list[Delivery] = []
    for period in sorted(name for name in folder.folders() if PERIOD.match(name)):
        entries = folder.entries(f"{period}/")
        manifests = [entry for entry in entries if entry.name.lower().endswith("manifest.json")]
        current = [entry for entry in manifests if entry.key.count("/") == 1]
        if not current:
            note = f"{source}: {folder.where}/{period}: is not read: it has no manifest yet, which is written last"
            pending.append(Delivery(None, period, None, folder, (), pending=note))
            continue
        now = _from_manifest(source, folder, current[0], period)
        if len(current) > 1:
            problem = BrokenDelivery(
                f"{source}: {folder.where}/{period}: holds {len(current)} manifests; give each report its own folder"
            )
            now = replace(now, problem=problem)
        for manifest in manifests:
            assembly = manifest.key.split("/")[1]
            if manifest in current or known is None or assembly in known | {now.execution_id}:
                continue
            older = _from_manifest(source, folder, manifest, period)
            if not older.problem and older.execution_id != now.execution_id:
                found.append(replace(older, is_current=False))
        found.append(now)
    if not found:
        raise NoData(
            f"{source}: {folder.where}: has no <YYYYMMDD-YYYYMMDD>/*-Manifest.json; `uri` is the folder of the report "
            "(its prefix and its name)"
        )
    periods = frozenset(one.billing_period for one in found if one.billing_period)
    return pending + [replace(one, other_periods=periods - {one.billing_period}) for one in found]


def _from_manifest(source: str, folder: Folder, manifest: Entry, period: str) -> Delivery:
    where = f"{source}: {folder.where}/{manifest.key}"
    match = PERIOD.match(period)
    assert match is not None  # noqa: S101 - the caller chose by it
    month = date(int(match[1]), int(match[2]), 1)
    try:
        document = json.loads(folder.read(manifest))
        assembly = str(document["assemblyId"])
        anchors = (f"/{period}/", f"/{document.get('reportName', '')}/year=")
        keys = [_key_of(str(name), anchors) for name in dict.fromkeys(document["reportKeys"])]
    except (ValueError, KeyError, TypeError) as error:
        problem = BrokenDelivery(
            f"{where}: not a manifest of a Cost and Usage Report ({type(error).__name__}: {error}); "
            "wait for the next report, or restore it from the bucket"
        )
        return Delivery(month, "", None, folder, (), manifest, problem=problem)
    there = {entry.key: entry for entry in beside(folder, keys)}
    missing = [key for key in keys if key not in there]
    what = f"names {missing[0] if missing else 'no file'}, which is not there"
    return Delivery(
        billing_period=month,
        execution_id=assembly,
        delivered_at=None,
        folder=folder,
        files=tuple(there[key] for key in sorted(set(keys)) if key in there),
        manifest=manifest,
        problem=BrokenDelivery(f"{where}: {what}; copy the whole report, or wait for the next one")
        if missing or not keys
        else None,
    )


def _key_of(address: str, anchors: tuple[str, ...]) -> str:
    """Return a file's key below the report's folder from its key in the bucket; raises ValueError."""
    for anchor in anchors:
        _, found, rest = f"/{address}".partition(anchor)
        if found:
            return anchor.lstrip("/") + rest
    raise ValueError(f"{address} is in none of {', '.join(anchors)}")
