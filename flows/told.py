"""What people have been told, in a file beside the warehouse: so that they are told once, and again when it is over.

A file of its own, because a night that is late or killed may leave a warehouse that cannot be opened.
"""

import json
import os
from pathlib import Path

from flows.notify import notify
from flows.settings import Settings


def tell_once(settings: Settings, key: str, title: str, body: str) -> bool:
    """Send a notice unless it was sent before and is not over; tell whether it was sent now.

    `key` is what it is about. A notice about it with another title or body is news, and sent.
    """
    told = _read(settings)
    text = f"{title}\n{body}"
    if told.get(key) == text or not notify(settings.notify, title, body):
        return False
    _write(settings, told | {key: text})
    return True


def is_told(settings: Settings, key: str) -> bool:
    """Tell whether people know of this, and not yet that it is over."""
    return key in _read(settings)


def forget(settings: Settings, key: str) -> None:
    """Remember that this is over: when it comes again it is news."""
    told = _read(settings)
    if told.pop(key, None) is not None:
        _write(settings, told)


def _file(settings: Settings) -> Path:
    return settings.warehouse.path.parent / "told.json"


def _read(settings: Settings) -> dict[str, str]:
    try:
        told = json.loads(_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or cut short by a full disk: to be told twice harms nobody
        return {}
    return {str(key): str(text) for key, text in told.items()} if isinstance(told, dict) else {}


def _write(settings: Settings, told: dict[str, str]) -> None:
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(part, file)  # noqa: PTH105 - the atomic call by its name
