"""What a command prints on the terminal: text as it is, never read as markup, emoji or links."""

import sys
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Option("--config", help="path of plimsoll.toml")]
_COLOURS = {"green": "\x1b[32m", "yellow": "\x1b[33m", "red": "\x1b[31m"}
_PLAIN = "\x1b[0m"


def say(line: str, colour: str | None = None) -> None:
    """Print a line, in a colour where the terminal is one."""
    sys.stdout.write(_coloured(line, colour, is_terminal=sys.stdout.isatty()))


def say_wrong(line: str) -> None:
    """Print a line on the error output, in red where that is a terminal."""
    sys.stderr.write(_coloured(line, "red", is_terminal=sys.stderr.isatty()))


def plain(text: str) -> str:
    """Return a text with what moves a terminal's cursor or sets its colours written out."""
    return "".join(one if one.isprintable() or one in "\n\t" else repr(one)[1:-1] for one in text)


def _coloured(line: str, colour: str | None, *, is_terminal: bool) -> str:
    text = plain(line)
    return f"{_COLOURS[colour]}{text}{_PLAIN}\n" if colour and is_terminal else f"{text}\n"
