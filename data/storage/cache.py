"""Local copies of what lies elsewhere: known by their facts, and the oldest removed where they grow too many."""

import hashlib
from pathlib import Path


def fingerprint(*facts: object) -> str:
    """Return a short hash: equal facts, equal hash."""
    return hashlib.blake2b("\0".join(map(str, facts)).encode(), digest_size=16).hexdigest()


def trim_cache(cache: Path, limit_bytes: int) -> None:
    """Remove the files of the cache that were used longest ago until it is within `limit_bytes`."""
    if not cache.is_dir():
        return
    files = [(path.stat(), path) for path in cache.rglob("*") if path.is_file()]
    total = sum(status.st_size for status, _ in files)
    for status, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if total <= limit_bytes:
            break
        path.unlink(missing_ok=True)
        total -= status.st_size
    for folder in sorted((path for path in cache.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
