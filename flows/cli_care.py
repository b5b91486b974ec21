"""Commands of whoever keeps it running: is all there, is it late, a second copy, and the way back from it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.clock import now_utc
from flows.screen import Config, say

if TYPE_CHECKING:
    from flows.settings import Settings

care = typer.Typer()
BACKUPS = "backups"  # beside the warehouse, where no folder is named
To = Annotated[Path | None, typer.Option("--to", help="folder of the copies; beside the warehouse where not named")]


@care.command()
def watch(config: Config) -> None:
    """Tell whether the night that was due is published; exit 1 and one notice where it is late. For cron."""
    from flows.settings import read_settings
    from flows.watch import watch as look

    is_well, line = look(read_settings(config), now_utc())
    say(line, "green" if is_well else "red")
    if not is_well:
        raise typer.Exit(1)


@care.command()
def doctor(config: Config) -> None:
    """Check all that a night needs and say what to do; exit 1 where something is wrong."""
    from flows.doctor import examine

    findings = examine(config, now_utc().date(), os.environ)
    for finding in findings:
        mark, style = {"good": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}[finding.state]
        say(f"{mark} {finding.what}: {finding.found}", style)
        if finding.advice:
            say(f"    {finding.advice}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


@care.command()
def backup(config: Config, to: To = None) -> None:
    """Copy the warehouse, compact, beside the last six copies."""
    from data.backup import back_up
    from flows.record import only_one
    from flows.settings import read_settings

    settings = read_settings(config)
    with only_one(settings.warehouse.path):
        say(str(back_up(settings.warehouse.path, to or _backups(settings), now_utc())))


@care.command()
def restore(
    config: Config,
    copy: Annotated[Path | None, typer.Option("--from", help="the copy; the newest where not named")] = None,
    to: To = None,
) -> None:
    """Put the newest backup, or the tables that readers see, in place of the warehouse, which is kept beside it."""
    from data.backup import newest_copy
    from data.backup import restore as put_back
    from flows.record import only_one
    from flows.settings import read_settings

    settings = read_settings(config)
    with only_one(settings.warehouse.path):
        source = copy or newest_copy(to or _backups(settings), settings.publish.dir / "snapshot.duckdb")
        kept = put_back(settings.warehouse.path, source.resolve(), now_utc())
    say(f"{settings.warehouse.path} is {source} again" + (f"; what was there is kept as {kept}" if kept else ""))


def _backups(settings: "Settings") -> Path:
    return settings.warehouse.path.parent / BACKUPS
