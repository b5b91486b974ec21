"""File names for services: safe in any file system and URL, and never the same for two names."""

import hashlib
import re

# What needs no change: it cannot leave its folder, be an option, or differ from another name by case alone.
_CLEAN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")  # reserved by Windows, with any extension


def slug(name: str) -> str:
    """Return the name itself where it is clean; else what is readable of it, a dot, and a hash of it.

    A clean name holds no dot, so the two kinds cannot meet.
    """
    if _CLEAN.fullmatch(name) and not _DEVICE.fullmatch(name):
        return name
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-") or "service"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{readable}.{digest[:16]}"
