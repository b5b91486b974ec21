"""The files that all pages share, written once: style, script and plotly.js; pages name them by their content."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from plotly.offline import get_plotlyjs

ASSETS = Path(__file__).parent / "assets"


def write_static(folder: Path) -> Mapping[str, str]:
    """Write the shared files into `folder`; return the address of each below it, which changes when the file does."""
    folder.mkdir(parents=True, exist_ok=True)
    addresses = {}
    for file in sorted(ASSETS.iterdir()):
        content = file.read_bytes()
        (folder / file.name).write_bytes(content)
        addresses[file.name] = f"{file.name}?v={hashlib.sha256(content).hexdigest()[:10]}"
    plotly = get_plotlyjs()
    version = re.search(r"plotly\.js v([\d.]+)", plotly[:500])
    name = f"plotly-{version.group(1) if version else 'bundle'}.min.js"
    (folder / name).write_text(plotly, encoding="utf-8")
    return {**addresses, "plotly": name}
