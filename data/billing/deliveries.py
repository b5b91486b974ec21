"""Which files make up each billing period: AWS Data Exports by their manifests, or plain files.

https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
Layout: <export>/metadata/BILLING_PERIOD=YYYY-MM/<name>-Manifest.json names the files of the current execution below
<export>/data/BILLING_PERIOD=YYYY-MM/. It is written last, so a folder that it does not name is superseded or still
being written: it is never read.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from data.errors import BrokenDelivery, NoData

ENDINGS = (".csv", ".csv.gz", ".parquet")
_PERIOD_FOLDER = re.compile(r"BILLING_PERIOD=(\d{4})-(\d{2})$")
_EXECUTION_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)-")


@dataclass(frozen=True)
class Delivery:
    """The files of one delivery. `billing_period` is None where only the lines say it."""

    billing_period: date | None
    execution_id: str
    delivered_at: datetime | None
    files: tuple[Path, ...]

    @property
    def fingerprint(self) -> str:
        """Return a hash of the names, sizes and times of the files: equal means unchanged."""
        return _hash(self.execution_id, *(fact for file in self.files for fact in _facts(file)))


def find_deliveries(source: str, uri: Path) -> list[Delivery]:
    """Return the current delivery of every billing period below an export's folder, or the plain files as one.

    Raises NoData where there is nothing to read, BrokenDelivery where a manifest contradicts the files.
    """
    if (uri / "data").is_dir() or (uri / "metadata").is_dir():
        manifests = sorted((uri / "metadata").glob("BILLING_PERIOD=*/*-Manifest.json"))
        if not manifests:
            raise NoData(
                f"{source}: {uri}: has data but no metadata/BILLING_PERIOD=*/*-Manifest.json; "
                "the export is still being written, or its metadata folder was not copied"
            )
        return [_from_manifest(source, uri, manifest) for manifest in manifests]
    files = tuple(file for file in _plain_files(uri) if file.name.lower().endswith(ENDINGS))
    if not files:
        raise NoData(f"{source}: {uri}: no {', '.join(ENDINGS)} file is there; check `uri`")
    return [Delivery(None, _hash(*(fact for file in files for fact in _facts(file))), None, files)]


def _plain_files(uri: Path) -> Sequence[Path]:
    if uri.is_dir():
        return sorted(file for file in uri.iterdir() if file.is_file())
    return sorted(Path(uri.anchor).glob(str(uri.relative_to(uri.anchor))))


def _from_manifest(source: str, export: Path, manifest: Path) -> Delivery:
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
        execution, named = document["executionId"], document["dataFiles"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenDelivery(
            f"{source}: {manifest}: not a Data Exports manifest ({type(error).__name__}: {error}); "
            "wait for the next delivery, or restore it from the bucket"
        ) from error
    folder = _PERIOD_FOLDER.search(manifest.parent.name)
    if folder is None:
        raise BrokenDelivery(f"{source}: {manifest.parent}: want BILLING_PERIOD=YYYY-MM; restore the folder's name")
    files = tuple(export / "data" / name[name.index("BILLING_PERIOD=") :] for name in sorted(set(named)))
    missing = [file for file in files if not file.is_file()]
    if missing or not files:
        raise BrokenDelivery(
            f"{source}: {manifest}: names {missing[0] if missing else 'no data file'}, which is not there; "
            "copy the whole execution, or wait for the next delivery"
        )
    written = _EXECUTION_TIME.match(execution)
    return Delivery(
        billing_period=date(int(folder[1]), int(folder[2]), 1),
        execution_id=execution,
        delivered_at=datetime.fromisoformat(written[1]).astimezone(UTC).replace(tzinfo=None) if written else None,
        files=files,
    )


def _facts(file: Path) -> tuple[str, int, int]:
    status = file.stat()
    return file.name, status.st_size, status.st_mtime_ns


def _hash(*facts: object) -> str:
    return hashlib.blake2b("\0".join(map(str, facts)).encode(), digest_size=16).hexdigest()
