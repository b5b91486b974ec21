"""A release into a bucket: whole beside the earlier ones first, then in front of the readers, its front page last.

<prefix>/releases/<run>/...   every release that was uploaded whole, the newest few
<prefix>/site/..., <prefix>/snapshot.duckdb, <prefix>/parquet/...   what readers open: copies of the newest release

A bucket has no rename, so the switch is made in an order that shows no page before what it needs: data and assets,
then pages, then the front page. An object is replaced whole or not at all. What stops half-way leaves readers with
pages that work, and the next upload begins anew.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
"""

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from boto3.exceptions import Boto3Error, S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from data.errors import PublishError
from data.storage.aws import explained, retried
from data.storage.bucket import PARALLEL, Bucket
from data.storage.entry import Entry

COMPLETE = "COMPLETE"  # written last: a release without it was not uploaded whole
KEPT_RELEASES = 3
FRONT_PAGE = "site/index.html"
PART_BYTES = 64 << 20
ONE_PIECE = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)
TYPES = {".duckdb": "application/octet-stream", ".parquet": "application/vnd.apache.parquet", ".js": "text/javascript"}


@dataclass(frozen=True)
class Uploaded:
    """How many objects of a release were put in front of readers, and how many already were there."""

    changed: int
    unchanged: int


def upload_release(client: BaseClient, bucket: str, prefix: str, release: Path) -> Uploaded:
    """Upload the folder `release` as the release of its name, and switch the readers of the bucket to it.

    Raises PublishError; what readers had stays, but for the objects that were replaced before the fault.
    """
    home = prefix.strip("/") + "/" if prefix.strip("/") else ""
    there = Bucket("publish", client, bucket, home, {}, release)
    try:
        return _upload(there, release)
    except Boto3Error as error:
        raise PublishError(f"publish: s3://{bucket}/{home}: {error}") from error
    except (ClientError, BotoCoreError) as error:
        raise PublishError(str(explained(f"publish: s3://{bucket}/{home}", error))) from error


def _upload(there: Bucket, release: Path) -> Uploaded:
    files = sorted(path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())
    folder = f"releases/{release.name}/"
    _each(partial(_put, there, release, folder), files)
    _put_text(there, folder + COMPLETE, f"{len(files)} files\n")
    made = {entry.key.removeprefix(folder): entry for entry in there.entries(folder)}
    shown = {entry.key: entry for entry in there.entries() if not entry.key.startswith("releases/")}
    changed = [key for key in files if key not in shown or _content(shown[key]) != _content(made[key])]
    for wave in _waves(changed):
        _each(partial(_show, there, folder), wave)
    there.remove([entry for key, entry in shown.items() if _is_ours(key) and key not in made])
    _remove_older(there, release.name)
    return Uploaded(len(changed), len(files) - len(changed))


def _waves(keys: Iterable[str]) -> list[list[str]]:
    """Return what is shown first, next and last; a page never before its assets."""
    waves: list[list[str]] = [[], [], []]
    for key in keys:
        waves[2 if key == FRONT_PAGE else 1 if key.endswith(".html") else 0].append(key)
    return waves


def _each(act: Callable[[str], None], keys: Sequence[str]) -> None:
    with ThreadPoolExecutor(PARALLEL) as threads:
        list(threads.map(act, keys))


def _put(there: Bucket, release: Path, folder: str, key: str) -> None:
    extra = {"ContentType": TYPES.get(Path(key).suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"}
    target = there.prefix + folder + key

    def upload() -> None:
        try:
            there.client.upload_file(str(release / key), there.bucket, target, extra, Config=ONE_PIECE)
        except S3UploadFailedError as error:  # it hides what may be tried again
            raise error.__context__ or error from error

    retried(upload)


def _put_text(there: Bucket, key: str, text: str) -> None:
    retried(partial(there.client.put_object, Bucket=there.bucket, Key=there.prefix + key, Body=text.encode()))


def _show(there: Bucket, folder: str, key: str) -> None:
    """Copy an object of the release to where readers look, within the bucket; `copy` takes any size."""
    source = {"Bucket": there.bucket, "Key": there.prefix + folder + key}
    retried(partial(there.client.copy, source, there.bucket, there.prefix + key, Config=ONE_PIECE))


def _content(entry: Entry) -> tuple[int, str]:
    return entry.size, entry.tag


def _is_ours(key: str) -> bool:
    """Tell whether a release puts such objects: what else lies in the prefix is somebody else's and stays."""
    return key.startswith(("site/", "parquet/")) or key == "snapshot.duckdb"


def _remove_older(there: Bucket, newest: str) -> None:
    """Remove releases but the newest whole ones, and what earlier uploads left unfinished."""
    entries = there.entries("releases/")
    whole = sorted({entry.key.split("/")[1] for entry in entries if entry.name == COMPLETE} - {newest})
    kept = {newest, *whole[-(KEPT_RELEASES - 1) :]}
    there.remove([entry for entry in entries if entry.key.split("/")[1] not in kept])
