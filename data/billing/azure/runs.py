"""Which files make up each billing period of an Azure export, and an actual and an amortised one taken together.

https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-improved-exports
<export>/<YYYYMMDD-YYYYMMDD>/<run id>/manifest.json names the run's parts. Every run writes the month so far anew: the
newest run of a period, by the time that its manifest says, is the bill.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.billing.deliveries import ENDINGS, Delivery, plain_delivery
from data.errors import BrokenDelivery, NoData
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.locate import Located

_PERIOD = re.compile(r"^(\d{4})(\d{2})\d{2}-\d{8}$")
_FIRST, _SECOND = "actual", "amortized"


def has_runs(located: Located) -> bool:
    """Tell whether a folder is laid out in billing periods and runs."""
    return located.pattern is None and any(_PERIOD.match(name) for name in located.folder.folders())


def find_runs(source: str, located: Located) -> list[Delivery]:
    """Return the newest run of every billing period, or the plain files as one delivery."""
    folder = located.folder
    if not has_runs(located):
        return [plain_delivery(source, located, ENDINGS)]
    found = []
    for period in sorted(name for name in folder.folders() if _PERIOD.match(name)):
        entries = folder.entries(f"{period}/")
        manifests = [entry for entry in entries if entry.name.lower() == "manifest.json"]
        if manifests:
            runs = [_from_manifest(source, folder, manifest, entries) for manifest in manifests]
            found.append(max(runs, key=lambda run: (run[0], run[1].execution_id))[1])
    if not found:
        raise NoData(f"{source}: {folder.where}: no <period>/<run>/manifest.json; the first run is not complete yet")
    return found


def _from_manifest(source: str, folder: Folder, manifest: Entry, entries: Sequence[Entry]) -> tuple[str, Delivery]:
    """Return when a run was submitted, and what it wrote."""
    period, *_ = manifest.key.split("/")
    match = _PERIOD.match(period)
    assert match is not None  # noqa: S101 - the caller chose by it
    month, run = date(int(match[1]), int(match[2]), 1), manifest.key.rpartition("/")[0]
    try:
        document = json.loads(folder.read(manifest))
        submitted = str(document.get("runInfo", {}).get("submittedTime", ""))
        names = {str(blob["blobName"]).rpartition("/")[2] for blob in document["blobs"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = BrokenDelivery(
            f"{source}: {folder.where}/{manifest.key}: not the manifest of an export "
            f"({type(error).__name__}: {error}); wait for the next run"
        )
        return "", Delivery(month, run, None, folder, (), manifest, problem=problem)
    files = tuple(entry for entry in entries if entry.key.rpartition("/")[0] == run and entry.name in names)
    lost = sorted(names - {file.name for file in files})
    problem = BrokenDelivery(
        f"{source}: {folder.where}/{manifest.key}: names {lost[0] if lost else 'no file'}, which is not there; "
        "copy the whole run, or wait for the next"
    )
    broken = problem if lost or not files else None
    return submitted, Delivery(month, run, None, folder, files, manifest, problem=broken)


@dataclass(frozen=True)
class Both:
    """Two folders as one: the keys of the first begin with actual/, those of the second with amortized/."""

    actual: Folder
    amortized: Folder

    @property
    def where(self) -> str:
        """Return the address of the first."""
        return self.actual.where

    def folders(self) -> set[str]:
        """Return the two."""
        return {_FIRST, _SECOND}

    def entries(self, below: str = "", *, is_deep: bool = True) -> list[Entry]:
        """Return the files of both, or of the one that `below` names."""
        which, _, rest = below.partition("/")
        return [
            replace(entry, key=f"{name}/{entry.key}")
            for name, folder in ((_FIRST, self.actual), (_SECOND, self.amortized))
            if not which or which == name
            for entry in folder.entries(rest, is_deep=is_deep)
        ]

    def read(self, entry: Entry) -> bytes:
        """Return the content of a small file."""
        folder, inner = self._inner(entry)
        return folder.read(inner)

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return local paths, in the order of the entries."""
        wanted = [self._inner(entry) for entry in entries]
        actual = iter(self.actual.local([inner for folder, inner in wanted if folder is self.actual]))
        amortized = iter(self.amortized.local([inner for folder, inner in wanted if folder is self.amortized]))
        return [next(actual if folder is self.actual else amortized) for folder, _ in wanted]

    def _inner(self, entry: Entry) -> tuple[Folder, Entry]:
        which, _, key = entry.key.partition("/")
        return (self.actual if which == _FIRST else self.amortized), replace(entry, key=key)

    @classmethod
    def paired(cls, source: str, actual: Sequence[Delivery], amortized: Sequence[Delivery]) -> list[Delivery]:
        """Return one delivery for each billing period that both have; one that lacks its other half has a problem."""
        by_period: dict[date | None, list[Delivery]] = defaultdict(list)
        for delivery in (*actual, *amortized):
            by_period[delivery.billing_period].append(delivery)
        found = []
        for period, halves in by_period.items():
            if len(halves) != 2:  # noqa: PLR2004 - an actual and an amortised one
                problem = BrokenDelivery(
                    f"{source}: {halves[0].where}: {period} has only one of actual and amortised cost; "
                    "wait for the other, or take amortized_uri away"
                )
                found.append(replace(halves[0], problem=problem))
                continue
            first, second = halves
            files = tuple(
                replace(file, key=f"{name}/{file.key}")
                for name, half in ((_FIRST, first), (_SECOND, second))
                for file in half.files
            )
            both = cls(first.folder, second.folder)
            execution = f"{first.execution_id} {second.execution_id}"
            found.append(Delivery(period, execution, None, both, files, problem=first.problem or second.problem))
        return found

    @classmethod
    def split(cls, delivery: Delivery, files: Sequence[Path], single: str) -> dict[str, tuple[Delivery, list[Path]]]:
        """Return the delivery's files by what they hold, each as a delivery of its own."""
        if not isinstance(delivery.folder, cls):
            return {single: (delivery, list(files))}
        parts = {}
        for name in (_FIRST, _SECOND):
            chosen = [
                (file, path) for file, path in zip(delivery.files, files, strict=True) if file.key.startswith(name)
            ]
            part = replace(delivery, files=tuple(file for file, _ in chosen))
            parts[f"{name}_of_both"] = (part, [path for _, path in chosen])
        return parts
