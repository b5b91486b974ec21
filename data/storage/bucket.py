"""Objects below a prefix of an S3 bucket: listed page by page, fetched once by ETag, resumed, verified.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html : If-Match makes a read fail (412) where the object
is no longer the one that was listed. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
the ETag of an object that was put in one piece, not encrypted with KMS or the customer's key, is its MD5; of one put
in N parts it is the MD5 of the parts' MD5s, then `-N`.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody

from data.errors import BrokenDelivery, Changed, InputError
from data.storage.aws import explained, retried
from data.storage.drip import cut_off
from data.storage.entry import Entry

PARALLEL = 8
REMOVED_A_CALL = 1000
PIECE_BYTES = 1 << 16
SLOWEST_BYTES_S = 10_000  # of a body as a whole: what comes slower is cut off and asked for from where it stopped
T = TypeVar("T")


@dataclass(frozen=True)
class Bucket:
    """The objects whose key starts with `prefix`; `arguments` go with every read of one."""

    source: str
    client: BaseClient
    bucket: str
    prefix: str
    arguments: dict[str, str | bytes]
    cache: Path

    @property
    def where(self) -> str:
        """Return the address."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def folders(self) -> set[str]:
        """Return the names of the folders directly in it."""
        pages = self._pages(self.prefix, is_deep=False)
        return {
            common["Prefix"].removeprefix(self.prefix).rstrip("/")
            for page in pages
            for common in page["CommonPrefixes"]
        }

    def entries(self, below: str = "", *, is_deep: bool = True) -> list[Entry]:
        """Return the objects below it, by key."""
        pages = self._pages(self.prefix + below, is_deep=is_deep)
        return sorted(
            (
                Entry(listed["Key"].removeprefix(self.prefix), listed["Size"], listed["ETag"].strip('"'))
                for page in pages
                for listed in page["Contents"]
                if not listed["Key"].endswith("/")  # what consoles make when they make a folder
            ),
            key=lambda entry: entry.key,
        )

    def read(self, entry: Entry) -> bytes:
        """Return the content of a small object."""

        def once() -> bytes:
            with self._opened(entry, 0) as body:
                content: bytes = body.read()
                return content

        return self._checked(entry, once)

    def check_readable(self, entry: Entry) -> None:
        """Raise InputError where an object may not be read; its last byte is."""
        self._checked(entry, lambda: self._get(entry, max(entry.size - 1, 0)).close())

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return the objects' copies in the cache, fetched side by side where they are not there yet."""
        with ThreadPoolExecutor(PARALLEL) as threads:
            return list(threads.map(self._fetched, entries))

    def remove(self, entries: Sequence[Entry]) -> None:
        """Remove objects; those that are gone already are no fault."""
        for start in range(0, len(entries), REMOVED_A_CALL):
            named = [{"Key": self.prefix + entry.key} for entry in entries[start : start + REMOVED_A_CALL]]
            remove = partial(self.client.delete_objects, Bucket=self.bucket, Delete={"Objects": named, "Quiet": True})
            try:
                refused = retried(remove).get("Errors", [])
            except (ClientError, BotoCoreError) as error:
                raise explained(f"{self.source}: {self.where}", error) from error
            if refused:
                raise InputError(
                    f"{self.source}: s3://{self.bucket}/{refused[0]['Key']}: cannot be removed "
                    f"({refused[0].get('Code')}); grant the role s3:DeleteObject, or set keep_results = true"
                )

    def _fetched(self, entry: Entry) -> Path:
        address = f"{self.bucket}/{self.prefix}{entry.key} {entry.tag} {entry.size}"
        folder = self.cache / hashlib.blake2b(address.encode(), digest_size=16).hexdigest()
        file = folder / entry.name
        if file.is_file() and file.stat().st_size == entry.size:
            os.utime(file)  # what was used longest ago leaves the cache first
            return file
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{entry.name}.part"
        for _ in range(2):  # what was damaged on the way is fetched once more
            self._checked(entry, lambda: self._download(entry, part))
            fetched = part.stat().st_size
            if fetched == entry.size and self._is_whole(entry, part):
                os.replace(part, file)  # noqa: PTH105 - the atomic call by its name
                return file
            part.unlink()
        raise BrokenDelivery(
            f"{self.source}: {self.where}/{entry.key}: came as {fetched} bytes that are not what the bucket lists "
            f"({entry.size} bytes, ETag {entry.tag}); run again, and check what is between here and the bucket"
        )

    def _download(self, entry: Entry, part: Path) -> None:
        """Bring `part` to the object's length from where it stopped."""
        start = part.stat().st_size if part.is_file() else 0
        if start < entry.size or not start:
            with self._opened(entry, start) as body, part.open("ab") as file:
                while piece := body.read(PIECE_BYTES):
                    file.write(piece)

    @contextmanager
    def _opened(self, entry: Entry, start: int) -> Iterator[StreamingBody]:
        """Open an object from `start` on, and end what drips: each byte in time, and still not there in the morning."""
        with closing(self._get(entry, start)) as body:
            seconds = self.client.meta.config.read_timeout + (entry.size - start) / SLOWEST_BYTES_S
            with cut_off(body._raw_stream, seconds):  # noqa: SLF001 - botocore has no name for it
                yield body

    def _get(self, entry: Entry, start: int) -> StreamingBody:
        """Return the object's bytes from `start` on, refused by the bucket if it is not the one that was listed."""
        ranged = {"Range": f"bytes={start}-"} if start else {}
        answer = self.client.get_object(
            Bucket=self.bucket, Key=self.prefix + entry.key, IfMatch=f'"{entry.tag}"', **ranged, **self.arguments
        )
        if answer["ETag"].strip('"') != entry.tag:  # stores that are not AWS's may ignore If-Match
            answer["Body"].close()
            raise self._changed(entry)
        body: StreamingBody = answer["Body"]
        return body

    def _is_whole(self, entry: Entry, file: Path) -> bool:
        """Tell whether a file has the content its ETag is of; true where the ETag is not of the content."""
        digest, _, parts = entry.tag.partition("-")
        head = retried(
            lambda: self.client.head_object(
                Bucket=self.bucket,
                Key=self.prefix + entry.key,
                **({"PartNumber": 1} if parts else {}),
                **self.arguments,
            )
        )
        if head.get("ServerSideEncryption", "AES256") != "AES256" or "SSECustomerAlgorithm" in head:
            return True  # the transport's own checksum was verified by the client
        if not parts:
            return _md5(file) == digest
        digests = _part_digests(file, head["ContentLength"])
        return len(digests) != int(parts) or hashlib.md5(b"".join(digests), usedforsecurity=False).hexdigest() == digest

    def _pages(self, prefix: str, *, is_deep: bool) -> list[dict[str, list[Any]]]:
        """Return every page of a listing; a page that fails is asked for again, not the pages before it."""
        pages, token = [], None
        try:
            while True:
                asked: dict[str, str] = {"ContinuationToken": token} if token else {}
                asked |= {} if is_deep else {"Delimiter": "/"}
                asked |= {"RequestPayer": "requester"} if "RequestPayer" in self.arguments else {}
                page = retried(partial(self.client.list_objects_v2, Bucket=self.bucket, Prefix=prefix, **asked))
                pages.append({name: page.get(name, []) for name in ("Contents", "CommonPrefixes")})
                token = page.get("NextContinuationToken")
                if not token:
                    return pages
        except (ClientError, BotoCoreError) as error:
            raise explained(f"{self.source}: {self.where}", error) from error

    def _checked(self, entry: Entry, call: Callable[[], T]) -> T:
        """Return what `call` returns, retried; its errors in our words."""
        try:
            return retried(call)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (
                HTTPStatus.PRECONDITION_FAILED,
                HTTPStatus.NOT_FOUND,
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            ):
                raise self._changed(entry) from error
            raise explained(f"{self.source}: {self.where}/{entry.key}", error) from error
        except BotoCoreError as error:
            raise explained(f"{self.source}: {self.where}/{entry.key}", error) from error

    def _changed(self, entry: Entry) -> Changed:
        return Changed(
            f"{self.source}: {self.where}/{entry.key}: was replaced or removed while it was read; "
            "the export is being written: run again later"
        )


def _md5(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _part_digests(file: Path, part_bytes: int) -> list[bytes]:
    with file.open("rb") as content:
        return [
            hashlib.md5(piece, usedforsecurity=False).digest() for piece in iter(lambda: content.read(part_bytes), b"")
        ]
