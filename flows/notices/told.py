"""What people have been told, in a file beside the warehouse: so that they are told once, and again when it is over.

A file of its own, because a night that is late or killed may leave a warehouse that cannot be opened.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from flows.notices.notify import notify
from flows.settings import Settings

Told = dict[str, dict[str, str]]  # by what kind of thing: what it is about, and in which words it was told
_VARYING = re.compile(r"\d+")  # dates, sizes, addresses: the same failure on another night


def tell_once(settings: Settings, kind: str, title: str, body: str) -> bool:
    """Send a notice unless the same was sent before and is not over; tell whether it was sent now."""
    same = _VARYING.sub("#", body)
    if told_about(settings, kind).get("same") == same or not notify(settings.notify, title, body):
        return False
    keep_told(settings, kind, {"same": same})
    return True


def tell_over(settings: Settings, kind: str, title: str, body: str) -> None:
    """Tell that what people were told of is over; nothing where they know of nothing."""
    if told_about(settings, kind):
        notify(settings.notify, title, body)
        keep_told(settings, kind, {})


def told_about(settings: Settings, kind: str) -> dict[str, str]:
    """Return what people know of a kind of thing."""
    return _read(settings).get(kind, {})


def keep_told(settings: Settings, kind: str, lines: Mapping[str, str]) -> None:
    """Remember what people know of a kind of thing, in place of what they knew."""
    told = _read(settings)
    told.pop(kind, None)
    _write(settings, told | ({kind: dict(lines)} if lines else {}))


def _file(settings: Settings) -> Path:
    return settings.warehouse.path.parent / "told.json"


def _read(settings: Settings) -> Told:
    try:
        told = json.loads(_file(settings).read_text(encoding="utf-8"))
        return {str(kind): {str(key): str(line) for key, line in lines.items()} for kind, lines in told.items()}
    except (OSError, ValueError, AttributeError):  # none yet, or cut short by a full disk: twice told harms nobody
        return {}


def _write(settings: Settings, told: Told) -> None:
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(part, file)  # noqa: PTH105 - the atomic call by its name
