"""Which files make up each billing period: AWS Data Exports by their manifests, or plain files.

https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
Layout: <export>/metadata/BILLING_PERIOD=YYYY-MM/<name>-Manifest.json names the files of the current execution below
<export>/data/BILLING_PERIOD=YYYY-MM/. It is written last, so a folder that it does not name is superseded or still
being written: it is never read as the current one. Each execution keeps a manifest of its own one folder below.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from data.errors import BrokenDelivery, Changed, InputError, NoData
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.locate import Located

ENDINGS = (".csv", ".csv.gz", ".parquet")
LINES_ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".json.gz")  # newline-delimited JSON
JSON_ENDINGS = (*LINES_ENDINGS, ".json")  # BigQuery names it so; elsewhere a .json is a manifest
_UNREAD = (".xlsx", ".xls", ".zip", ".json", ".jsonl", ".tsv", ".txt", ".avro", ".orc", ".parq", ".bz2", ".zst", ".7z")
_PERIOD = re.compile(r"BILLING_PERIOD=(\d{4})-(\d{2})$", re.IGNORECASE)
_EXECUTION = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:|^\d{12}$|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# BigQuery numbers the files of one export with twelve digits, Azure those of one run as part_0_0001.
_SHARD = re.compile(r"(?<!\d)\d{12}(?=\.[a-z.]+$)|(?<=part_)\d+_\d{4}(?=\.[a-z.]+$)", re.IGNORECASE)
_EXECUTION_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)-")


@dataclass(frozen=True)
class BillReading:
    """What a source is read for: bills up to `as_of`, with local copies in `cache`.

    `known` are the executions that the ledger has; None where superseded ones are of no interest. A probe only finds
    out whether the source can be reached: it asks for nothing that costs money or time. A night of a back-fill wants
    bills as they were `known_at` a moment (UTC): what was delivered by then, where it still lies there.
    """

    cache: Path
    as_of: date
    known: frozenset[str] | None = None
    is_probe: bool = False
    known_at: datetime | None = None


@dataclass(frozen=True)
class Piece:
    """Files of a delivery that belong together, and may repeat what another piece has.

    `written` is when their manifest says that they were, `range` the first and the last day that they cover; None where
    nothing says it.
    """

    files: tuple[Entry, ...]
    written: str | None = None
    range: tuple[date, date] | None = None

    @property
    def name(self) -> str:
        """Return the key of the first file."""
        return self.files[0].key


@dataclass(frozen=True)
class Delivery:
    """The files of one delivery. `billing_period` is None where only the lines say it.

    One that is not current is superseded: only its totals are of interest. One with a `problem` cannot be read.
    Lines of another billing period contradict the delivery; unless `other_periods` says which periods have deliveries
    of their own, and it is none of them. `manner` is what of the configuration says how its files are read. `pieces`
    are the files by what may overlap; empty where it is one whole. What is `pending` is noted and no fault.
    """

    billing_period: date | None
    execution_id: str
    delivered_at: datetime | None
    folder: Folder
    files: tuple[Entry, ...]
    manifest: Entry | None = None
    is_current: bool = True
    other_periods: frozenset[date] | None = None
    problem: InputError | None = None
    manner: str = ""
    pieces: tuple[Piece, ...] = ()
    pending: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return a hash of the names, sizes and tags of the files, and of how they are read: equal means unchanged."""
        files = (f"{file.key} {file.size} {file.tag}" for file in self.files)
        return fingerprint(self.execution_id, self.manner, *files)

    @property
    def where(self) -> str:
        """Return the address of the first file."""
        return f"{self.folder.where}/{self.files[0].key if self.files else ''}"

    def was_known(self, moment: datetime) -> bool:
        """Tell whether it is known to have been delivered before a moment (UTC)."""
        return self.delivered_at is not None and self.delivered_at < moment

    def fetch(self) -> list[Path]:
        """Return the files as local paths."""
        return self.folder.local(self.files)

    def check_as_listed(self, source: str) -> None:
        """Raise Changed where a file is no longer what was listed."""
        named = {*self.files, *([self.manifest] if self.manifest else [])}
        found = set(beside(self.folder, [file.key for file in named]))
        for file in sorted(named - found, key=lambda entry: entry.key):
            raise Changed(
                f"{source}: {self.folder.where}/{file.key}: was replaced or removed while the delivery was read; "
                "the export is being written: run again later"
            )


def beside(folder: Folder, keys: Iterable[str]) -> Iterator[Entry]:
    """Yield what now lies in the folders of `keys`."""
    for parent in {key.rpartition("/")[0] for key in keys}:
        yield from folder.entries(parent and parent + "/", is_deep=False)


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


def plain_delivery(source: str, located: Located, endings: Sequence[str]) -> Delivery:
    """Return the files that no manifest names as one delivery; its lines say the billing periods."""
    files = tuple(located.files(endings))
    if not files:
        named = "/".join(filter(None, (located.folder.where, located.pattern)))
        raise NoData(f"{source}: {named}: no {', '.join(endings)} file is there; check `uri`")
    _check_one_execution(source, located, files)
    facts = fingerprint(*(f"{file.key} {file.size} {file.tag}" for file in files))
    shards: dict[str, list[Entry]] = defaultdict(list)
    for file in files:
        shards[_SHARD.sub("", file.key)].append(file)
    pieces = tuple(Piece(tuple(together)) for together in shards.values())
    files = tuple(file for piece in pieces for file in piece.files)
    return Delivery(None, facts, None, located.folder, files, pieces=pieces, pending=_left_out(located, files))


def _left_out(located: Located, files: Sequence[Entry]) -> str | None:
    """Say what lies in a folder that is read as plain files, and is none of them."""
    if located.pattern is not None:
        return None
    folders = sorted(name for name in located.folder.folders() if not name.startswith((".", "_")))
    others = sorted({entry.name for entry in located.folder.entries(is_deep=False)} - {file.name for file in files})
    others = [name for name in others if name.lower().endswith(_UNREAD)]
    said = [f"the folder {name} is not read: let `uri` end in /**/* to read what is in folders" for name in folders]
    said += [f"{name} is not read: export it as {', '.join(ENDINGS)}" for name in others]
    return "; ".join(said) or None


def _check_one_execution(source: str, located: Located, files: Sequence[Entry]) -> None:
    """Raise BrokenDelivery where files lie in the folders of several executions, of which each is the whole month."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in files:
        folders = file.key.split("/")[:-1]
        for depth, folder in enumerate(folders):
            if _EXECUTION.search(folder):
                found["/".join(folders[:depth])].add(folder)
    for period, executions in found.items():
        if len(executions) > 1:
            raise BrokenDelivery(
                f"{source}: {located.folder.where}/{period}: {located.pattern} matches {len(executions)} executions, "
                "and each holds the whole month; let `uri` be the export's folder, whose manifests say which is current"
            )


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
    found = _unnamed(source, folder, current.keys())
    for period, named in sorted(current.items()):
        now = _only_one(source, folder, [_from_manifest(source, folder, manifest, period) for manifest in named])
        if known_at is not None:
            every = [_from_manifest(source, folder, manifest, period) for manifest in older[period]]
            found.append(_as_known(now, every, known_at))
            continue
        before = [
            _from_manifest(source, folder, manifest, period)
            for manifest in older[period]
            if known is not None and manifest.key.split("/")[2] not in known | {now.execution_id}
        ]
        found += [
            Delivery(one.billing_period, one.execution_id, one.delivered_at, folder, one.files, is_current=False)
            for one in sorted(before, key=lambda delivery: delivery.execution_id)
            # What was superseded may have been cleared away: that is no fault.
            if one.problem is None and one.execution_id != now.execution_id
        ]
        found.append(now)
    return found


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


def _only_one(source: str, folder: Folder, found: list[Delivery]) -> Delivery:
    """Return the delivery that a period's manifests name; several may, if they say the same."""
    if len({(delivery.execution_id, delivery.files) for delivery in found}) == 1:
        return found[0]
    names = " and ".join(delivery.manifest.key for delivery in found if delivery.manifest)
    problem = BrokenDelivery(
        f"{source}: {folder.where}: {names} name different files for one billing period; remove the one that is "
        "not of this export, or give each export its own folder"
    )
    return Delivery(found[0].billing_period, "", None, folder, (), problem=problem)


def _from_manifest(source: str, folder: Folder, manifest: Entry, period: str) -> Delivery:
    """Return the delivery of one manifest; its `problem` says what is wrong with it."""
    where = f"{source}: {folder.where}/{manifest.key}"
    match = _PERIOD.match(period)
    assert match is not None  # noqa: S101 - the caller chose by it
    month = date(int(match[1]), int(match[2]), 1)
    try:
        document = json.loads(folder.read(manifest))
        execution = str(document["executionId"])
        keys = [_key_of(str(name), period) for name in dict.fromkeys(document["dataFiles"])]
    except (ValueError, KeyError, TypeError) as error:
        problem = BrokenDelivery(
            f"{where}: not a Data Exports manifest ({type(error).__name__}: {error}); "
            "wait for the next delivery, or restore it from the bucket"
        )
        return Delivery(month, "", None, folder, (), manifest, problem=problem)
    there = {entry.key: entry for entry in beside(folder, keys)}
    missing = [key for key in keys if key not in there]
    written = _EXECUTION_TIME.match(execution)
    return Delivery(
        billing_period=month,
        execution_id=execution,
        delivered_at=datetime.fromisoformat(written[1]).astimezone(UTC).replace(tzinfo=None) if written else None,
        folder=folder,
        files=tuple(there[key] for key in sorted(set(keys)) if key in there),  # addresses of one file may differ
        manifest=manifest,
        problem=BrokenDelivery(
            f"{where}: names {missing[0] if missing else 'no data file'}, which is not there; "
            "copy the whole execution, or wait for the next delivery"
        )
        if missing or not keys
        else None,
    )


def _key_of(address: str, period: str) -> str:
    """Return a data file's key below the export's folder from its address; raises ValueError."""
    _, found, rest = address.partition(f"/data/{period}/")
    if not found:
        raise ValueError(f"{address} is not below data/{period}")
    return f"data/{period}/{rest}"
