"""What there is to read of a source: deliveries, the pieces that they may come in, and plain files as one delivery."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from data.errors import BrokenDelivery, Changed, InputError, NoData
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.locate import Located

ENDINGS = (".csv", ".csv.gz", ".parquet")
LINES_ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".json.gz")  # newline-delimited JSON
JSON_ENDINGS = (*LINES_ENDINGS, ".json")  # BigQuery names it so; elsewhere a .json is a manifest
# What lies beside bills and is none: hidden files, marks of a finished write, notes, sums, manifests.
_NO_BILL = re.compile(
    r"^[._~]|^(readme|license|thumbs|desktop)|manifest[^/]*\.json$|"
    r"\.(md|crc|md5|sha\d+|sig|asc|log|sql|toml|ya?ml|ini|lock|duckdb|wal)$",
    re.IGNORECASE,
)
_NAMED = 5  # of files that are not read
_EXECUTION = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:|^\d{12}$|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# BigQuery numbers the files of one export with twelve digits, Azure those of one run as part_0_0001, Spark those of one
# write as part-00000-<its id>-c000, Snowflake as data_0_0_0, AWS as -00001. Nobody numbers downloads so.
_SHARD = re.compile(
    r"(?<!\d)\d{12}(?=\.[a-z.]+$)|(?<=part_)\d+_\d{4}(?=\.[a-z.]+$)|(?<=part-)\d{5}(?=-[^/]+$)|"
    r"(?<=data)(_\d+){3}(?=\.[a-z.]+$)|(?<=-)0\d{4}(?=\.[a-z.]+$)",
    re.IGNORECASE,
)


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
        present = set(beside(self.folder, [file.key for file in named]))
        for file in sorted(named - present, key=lambda entry: entry.key):
            raise Changed(
                f"{source}: {self.folder.where}/{file.key}: was replaced or removed while the delivery was read; "
                "the export is being written: run again later"
            )


def beside(folder: Folder, keys: Iterable[str]) -> Iterator[Entry]:
    """Yield what now lies in the folders of `keys`."""
    for parent in {key.rpartition("/")[0] for key in keys}:
        yield from folder.entries(parent and parent + "/", is_deep=False)


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
    """Say what lies in a folder that is read as plain files, or matches its pattern, and is none of them."""
    read = {file.key for file in files}
    others = [entry.key for entry in located.files(("",)) if entry.key not in read and not _NO_BILL.search(entry.name)]
    folders = [] if located.pattern is not None else located.folder.folders()
    hidden = (".", "_")
    said = [
        f"the folder {name} is not read: let `uri` end in /**/* to read what is in folders"
        for name in sorted(name for name in folders if not name.startswith(hidden))
    ]
    said += [f"{name} is not read: export it as {', '.join(ENDINGS)}" for name in others[:_NAMED]]
    said += [f"nor are {len(others) - _NAMED} more files"] if len(others) > _NAMED else []
    return "; ".join(said) or None


def _check_one_execution(source: str, located: Located, files: Sequence[Entry]) -> None:
    """Raise BrokenDelivery where files lie in the folders of several executions, of which each is the whole month."""
    by_period: dict[str, set[str]] = defaultdict(set)
    for file in files:
        folders = file.key.split("/")[:-1]
        for depth, folder in enumerate(folders):
            if _EXECUTION.search(folder):
                by_period["/".join(folders[:depth])].add(folder)
    for period, executions in by_period.items():
        if len(executions) > 1:
            raise BrokenDelivery(
                f"{source}: {located.folder.where}/{period}: {located.pattern} matches {len(executions)} executions, "
                "and each holds the whole month; let `uri` be the export's folder, whose manifests say which is current"
            )
