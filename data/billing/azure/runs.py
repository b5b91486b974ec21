"""Which files make up each billing period of an Azure export, and an actual and an amortised one taken together.

https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-improved-exports
<export>/<YYYYMMDD-YYYYMMDD>/<run id>/manifest.json names the run's parts. The range is a month for exports of the
month to date, and whatever was asked for else: a week, a day, several months once. Every run writes its range anew: the
newest of a range, by the time that its manifest says, is right. Classic exports write no manifest: each file directly
in the folder of a range is a run of its own.
"""

import calendar
import json
import operator
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.billing.deliveries import ENDINGS, Delivery, Piece, plain_delivery
from data.errors import BrokenDelivery, InputError, NoData
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.locate import Located

_RANGE = re.compile(r"^(\d{4})(\d{2})(\d{2})-(\d{4})(\d{2})(\d{2})$")
_FIRST, _SECOND = "actual", "amortized"


def has_runs(located: Located) -> bool:
    """Tell whether a folder is laid out in ranges of days and runs."""
    return located.pattern is None and any(_range(name) for name in located.folder.folders())


def find_runs(source: str, located: Located) -> list[Delivery]:
    """Return a delivery a month that is exported as such, one for all other ranges, or the plain files as one."""
    folder = located.folder
    if not has_runs(located):
        return [plain_delivery(source, located, ENDINGS)]
    deliveries: list[Delivery] = []
    for name in sorted(folder.folders()):
        if _range(name):
            deliveries += _of_range(source, folder, name)
    readable = [one for one in deliveries if one.files]
    if not readable and not any(one.problem for one in deliveries):
        raise NoData(f"{source}: {folder.where}: no <range>/<run>/manifest.json and no file; no run is complete yet")
    return [one for one in deliveries if not one.files] + _joined(folder, readable)


def _of_range(source: str, folder: Folder, name: str) -> list[Delivery]:
    """Return the newest run of one range, and the files of it that no manifest names."""
    days = _range(name)
    assert days is not None  # noqa: S101 - the caller chose by it
    entries = folder.entries(f"{name}/")
    manifests = [entry for entry in entries if entry.name.lower() == "manifest.json"]
    described = {manifest.key.rpartition("/")[0] for manifest in manifests}
    classic: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.name.lower().endswith(ENDINGS):
            parent = entry.key.rpartition("/")[0]
            is_direct = entry.key.count("/") == 1
            if parent not in described and (is_direct or not manifests):
                classic[entry.key if is_direct else parent].append(entry)
    if not any(entry.key.count("/") == 1 for files in classic.values() for entry in files):
        classic = {}  # a run's folder without a manifest may still be written to, since that comes last
    deliveries = []
    if manifests:
        runs = [_from_manifest(source, folder, manifest, entries) for manifest in manifests]
        deliveries.append(max(runs, key=lambda run: (run[0], run[1].execution_id))[1])
    pieces = tuple(Piece(tuple(files)) for _, files in sorted(classic.items()))
    if pieces:
        files = tuple(file for piece in pieces for file in piece.files)
        facts = fingerprint(*(f"{file.key} {file.size} {file.tag}" for file in files))
        deliveries.append(Delivery(days[0].replace(day=1), facts, None, folder, files, pieces=pieces))
    if deliveries:
        return deliveries
    note = f"{source}: {folder.where}/{name}: is not read: no run in it has a manifest.json yet, which is written last"
    return [Delivery(days[0].replace(day=1), name, None, folder, (), pending=note)]


def _joined(folder: Folder, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return months that one whole run has as they are, and all else as one delivery whose pieces may overlap."""
    months: dict[tuple[int, int], list[Delivery]] = defaultdict(list)
    for one in deliveries:
        for month in _months(_days(one)):
            months[month].append(one)
    whole = [one for one in deliveries if _is_month(_days(one)) and len(months[_months(_days(one))[0]]) == 1]
    others = [one for one in deliveries if one not in whole]
    if not others:
        return whole
    pieces = tuple(piece for one in others for piece in one.pieces)
    files = tuple(file for piece in pieces for file in piece.files)
    facts = fingerprint(*(f"{file.key} {file.size} {file.tag}" for file in files))
    problem = next((one.problem for one in others if one.problem), None)
    return [*whole, Delivery(None, facts, None, folder, files, pieces=pieces, problem=problem)]


def _days(delivery: Delivery) -> tuple[date, date]:
    """Return the range that the folder of a run names."""
    days = _range(delivery.files[0].key.partition("/")[0])
    assert days is not None  # noqa: S101 - only such folders are read
    return days


def _range(name: str) -> tuple[date, date] | None:
    """Return the first and the last day that a folder's name says."""
    match = _RANGE.match(name)
    try:
        return (date(*map(int, match.groups()[:3])), date(*map(int, match.groups()[3:]))) if match else None
    except ValueError:
        return None


def _months(days: tuple[date, date]) -> list[tuple[int, int]]:
    first, last = ((day.year, day.month) for day in days)
    return [(number // 12, number % 12 + 1) for number in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])]


def _is_month(days: tuple[date, date]) -> bool:
    first, last = days
    return first.day == 1 and last == first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _from_manifest(source: str, folder: Folder, manifest: Entry, entries: Sequence[Entry]) -> tuple[str, Delivery]:
    """Return when a run was submitted, and what it wrote."""
    name, *_ = manifest.key.split("/")
    days = _range(name)
    assert days is not None  # noqa: S101 - the caller chose by it
    month, run = days[0].replace(day=1), manifest.key.rpartition("/")[0]
    try:
        document = json.loads(folder.read(manifest))
        submitted = str(document.get("runInfo", {}).get("submittedTime", ""))
        names = {
            str(blob["blobName"]).rpartition("/")[2]: int(blob.get("byteCount") or 0) for blob in document["blobs"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = BrokenDelivery(
            f"{source}: {folder.where}/{manifest.key}: not the manifest of an export "
            f"({type(error).__name__}: {error}); wait for the next run"
        )
        return "", Delivery(month, run, None, folder, (), manifest, problem=problem)
    files = tuple(entry for entry in entries if entry.key.rpartition("/")[0] == run and entry.name in names)
    lost = sorted(names.keys() - {file.name for file in files})
    cut = [file for file in files if file.name.lower().endswith(".csv") and file.size < names[file.name]]
    broken = None
    if lost or not files:
        broken = BrokenDelivery(
            f"{source}: {folder.where}/{manifest.key}: names {lost[0] if lost else 'no file'}, which is not there; "
            "copy the whole run, or wait for the next"
        )
    elif cut:  # where it ends with a line nothing else tells
        broken = BrokenDelivery(
            f"{source}: {folder.where}/{cut[0].key}: has {cut[0].size} of the {names[cut[0].name]} bytes that the "
            "manifest says; copy it again"
        )
    pieces = (Piece(files, submitted, days),) if files else ()
    return submitted, Delivery(month, run, None, folder, files, manifest, problem=broken, pieces=pieces)


def _paired(actual: Sequence[Piece], amortized: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return each piece with the other export's of the same range, keys as those of `Both`; none where they differ."""
    key = operator.attrgetter("range")
    if [piece.range for piece in actual] == [piece.range for piece in amortized]:
        pairs = list(zip(actual, amortized, strict=True))
    elif len({*map(key, actual)}) == len(actual) and {*map(key, actual)} == {*map(key, amortized)}:
        others = {piece.range: piece for piece in amortized}
        pairs = [(piece, others[piece.range]) for piece in actual]
    else:
        return ()
    return tuple(
        Piece(
            tuple(
                replace(file, key=f"{name}/{file.key}")
                for name, half in ((_FIRST, one), (_SECOND, other))
                for file in half.files
            ),
            one.written and other.written and min(one.written, other.written),
            one.range,
        )
        for one, other in pairs
    )


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
        pairs = []
        for period, halves in by_period.items():
            if len(halves) != 2:  # noqa: PLR2004 - an actual and an amortised one
                lonely = BrokenDelivery(
                    f"{source}: {halves[0].where}: {period} has only one of actual and amortised cost; "
                    "wait for the other, or take amortized_uri away"
                )
                pairs.append(replace(halves[0], problem=lonely))
                continue
            first, second = halves
            pieces = _paired(first.pieces, second.pieces)
            files = tuple(file for piece in pieces for file in piece.files)
            both = cls(first.folder, second.folder)
            execution = f"{first.execution_id} {second.execution_id}"
            problem: InputError | None = first.problem or second.problem
            if not files and not problem:
                problem = BrokenDelivery(
                    f"{source}: {first.where} and {second.where}: actual and amortised cost are not exported over the "
                    "same ranges of days; make both exports alike, or take amortized_uri away"
                )
            pairs.append(Delivery(period, execution, None, both, files, problem=problem, pieces=pieces))
        return pairs

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
