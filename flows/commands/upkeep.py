"""What is done to the warehouse itself: `plimsoll backup`, `restore`, `compact`. None of them runs beside a night."""

from pathlib import Path
from typing import Annotated

import typer

from flows.clock import now_utc
from flows.commands.screen import Config, say
from flows.only_one import only_one

BACKUPS = "backups"  # beside the warehouse
MIB = 2**20


def backup(
    config: Config,
    to: Annotated[Path | None, typer.Option("--to", help="folder; backups/ beside the warehouse if not said")] = None,
) -> None:
    """Copy the warehouse whole; the newest seven copies are kept."""
    from data.backup import back_up
    from flows.settings import read_settings

    warehouse = read_settings(config).warehouse.path
    with only_one(warehouse):
        file = back_up(warehouse, to or warehouse.parent / BACKUPS, now_utc())
    say(f"backup    {file}, {file.stat().st_size / MIB:,.1f} MiB")


def restore_warehouse(
    config: Config,
    copy: Annotated[
        Path | None, typer.Option("--from", help="a backup or a snapshot; the newest there is if not said")
    ] = None,
) -> None:
    """Put a backup, or else what is published, in place of the warehouse; the one that was there is kept."""
    from data.backup import newest_copy, restore
    from flows.settings import read_settings

    settings = read_settings(config)
    warehouse = settings.warehouse.path
    with only_one(warehouse):
        source = copy or newest_copy(warehouse.parent / BACKUPS, settings.publish.dir / "snapshot.duckdb")
        kept = restore(warehouse, source, now_utc())
    say(f"restored  {warehouse} from {source}")
    if kept:
        say(f"kept      {kept}: remove it once a night has run")


def compact_warehouse(config: Config) -> None:
    """Give the space of deleted rows back to the disk."""
    from data.backup import compact
    from flows.settings import read_settings

    warehouse = read_settings(config).warehouse.path
    with only_one(warehouse):
        before, after = compact(warehouse)
    say(f"compacted {warehouse}: {before / MIB:,.1f} to {after / MIB:,.1f} MiB")
