"""What a person at a terminal sees of a night, and the same as events with keys in a log file."""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from data.secret import redact

log = logging.getLogger("plimsoll")
console = Console(stderr=True)


class _JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, event, and the event's own keys."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        entry = {"time": moment.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        entry |= {"event": getattr(record, "event", record.getMessage())} | getattr(record, "keys", {})
        return json.dumps(entry, default=str)


class _LogFile(logging.FileHandler):
    """A log file that does not get in the way of what it tells of: a full disk fails the night, not its log."""

    is_broken = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own name
        """Say once that the file cannot be written; the terminal and the notices still tell."""
        if not self.is_broken:
            self.is_broken = True
            console.print(
                f"the log {self.baseFilename} cannot be written: {sys.exc_info()[1]}", markup=False, emoji=False
            )

    def close(self) -> None:
        """Close the file, whether or not what is left fits on the disk."""
        with suppress(OSError):
            super().close()


@contextmanager
def reporting(log_file: Path) -> Iterator[None]:
    """Show events on the terminal and append them to `log_file` while the block runs."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [
        RichHandler(
            console=console, show_path=False, show_level=False, log_time_format="%H:%M:%S", omit_repeated_times=False
        ),
        _LogFile(log_file, encoding="utf-8"),
    ]
    handlers[1].setFormatter(_JsonLines())
    for handler in handlers:
        log.addHandler(handler)
    level, propagates = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.setLevel(level)
        log.propagate = propagates
        for handler in handlers:
            log.removeHandler(handler)
            handler.close()


def tell(event: str, keys: Mapping[str, object], *, level: int = logging.INFO) -> None:
    """Report one event: `tell("ingest", {"source": "aws", "lines": 7769})`."""
    keys = {name: _safe(value) for name, value in keys.items()}
    words = "  ".join(
        f"{name}={_shown(value)}" for name, value in keys.items() if value is not None and name != "traceback"
    )
    log.log(level, "%-18s %s", event, words, extra={"event": event, "keys": keys})


@contextmanager
def timed(event: str, **keys: object) -> Iterator[dict[str, object]]:
    """Report an event with its seconds when the block ends; the block may add keys to what it is given.

    `cpu_s` is what the whole program used meanwhile, processes that it started and that have ended included: how much
    work it was, however busy the machine.
    """
    started, worked = time.perf_counter(), _cpu_s()
    facts: dict[str, object] = dict(keys)
    yield facts
    took = {"seconds": round(time.perf_counter() - started, 2), "cpu_s": round(_cpu_s() - worked, 2)}
    tell(event, facts | took)


def _cpu_s() -> float:
    return sum(os.times()[:4])


def fit_bar() -> Progress:
    """Return a progress bar that counts series."""
    return Progress(
        TextColumn("{task.description:18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("series"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _safe(value: object) -> object:
    """Return a value that may leave: errors and texts without secrets."""
    return redact(str(value)) if isinstance(value, str | Exception) else value


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
