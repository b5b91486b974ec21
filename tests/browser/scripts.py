"""The scripts that tests run in a page."""

from pathlib import Path


def script(name: str) -> str:
    """Return the text of `tests/browser/<name>.js`."""
    return Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
