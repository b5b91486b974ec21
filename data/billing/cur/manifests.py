"""Which files make up each billing period of a Cost and Usage Report (CUR 1), by its manifests.

https://docs.aws.amazon.com/cur/latest/userguide/understanding-report-versions.html
<report>/<YYYYMMDD-YYYYMMDD>/<report>-Manifest.json names the files of the current assembly (`assemblyId`,
`reportKeys`); the same manifest lies beside the files. With "create new" they are below <period>/<assemblyId>/, with
"overwrite" in <period>/ itself, for Athena in <report>/<report>/year=Y/month=M/.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from data.billing.deliveries import Delivery
from data.billing.described import Manifests, described, key_below
from data.errors import BrokenDelivery, NoData
from data.storage.entry import Entry
from data.storage.folder import Folder

PERIOD = re.compile(r"^(\d{4})(\d{2})(\d{2})-\d{8}$")


def find_reports(source: str, folder: Folder, known: frozenset[str] | None) -> list[Delivery]:
    """Return the current report of every billing period, and those it superseded that are not `known` before it."""
    reports: list[Delivery] = []
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
                reports.append(replace(older, is_current=False))
        reports.append(now)
    if not reports:
        raise NoData(
            f"{source}: {folder.where}: has no <YYYYMMDD-YYYYMMDD>/*-Manifest.json; `uri` is the folder of the report "
            "(its prefix and its name)"
        )
    periods = frozenset(one.billing_period for one in reports if one.billing_period)
    return pending + [replace(one, other_periods=periods - {one.billing_period}) for one in reports]


def _from_manifest(source: str, folder: Folder, manifest: Entry, period: str) -> Delivery:
    match = PERIOD.match(period)
    assert match is not None  # noqa: S101 - the caller chose by it
    month = date(int(match[1]), int(match[2]), 1)
    kind = Manifests("a manifest of a Cost and Usage Report", "report", _facts(period))
    return described(source, folder, manifest, month, kind)


def _facts(period: str) -> Callable[[Any], tuple[str, list[str]]]:
    """Return what gets the assembly and the keys of its files from a manifest of a period."""

    def facts(document: Any) -> tuple[str, list[str]]:  # noqa: ANN401 - what JSON holds
        assembly = str(document["assemblyId"])
        anchors = (f"/{period}/", f"/{document.get('reportName', '')}/year=")
        return assembly, [key_below(str(name), anchors) for name in document["reportKeys"]]

    return facts
