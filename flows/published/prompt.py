"""`plimsoll sql` without a question: the published snapshot in a shell that is made for it."""

import os
import shutil
from pathlib import Path

from data.errors import InputError

# https://harlequin.sh, https://duckdb.org/docs/stable/clients/cli: each with what opens a file for reading only.
SHELLS = {"harlequin": ("--read-only",), "duckdb": ("-readonly",)}


def shell_command(snapshot: Path) -> list[str]:
    """Return the command that opens `snapshot` in the first shell that is installed; raises InputError."""
    if not snapshot.exists():
        raise InputError(f"{snapshot}: nothing is published yet; run plimsoll night first")
    for name, options in SHELLS.items():
        program = shutil.which(name)
        if program:
            return [program, *options, str(snapshot)]
    raise InputError("sql: no question was given, and no shell is installed; ask one, or pip install harlequin")


def open_shell(snapshot: Path) -> None:
    """Become that shell."""
    command = shell_command(snapshot)
    os.execv(command[0], command)  # noqa: S606 - a program that was looked up, and no shell between
