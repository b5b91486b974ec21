"""The files that all pages share, written once: style, scripts and libraries; pages name them by their content."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from dashboards.writer import Writer

ASSETS = Path(__file__).parent / "assets"


def write_static(writer: Writer) -> Mapping[str, str]:
    """Write the shared files into `assets/`; return the address of each below it, which changes when the file does."""
    addresses = {}
    for file in sorted(ASSETS.rglob("*")):
        if file.is_file():
            name = file.relative_to(ASSETS).as_posix()
            content = file.read_bytes()
            writer.put(f"assets/{name}", content)
            addresses[name] = f"{name}?v={hashlib.sha256(content).hexdigest()[:10]}"
    return addresses
