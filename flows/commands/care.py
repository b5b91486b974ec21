"""Commands of whoever keeps it running: is all there, is it late, a second copy, and the way back from it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from data.errors import ConfigError
from flows.clock import now_utc
from flows.commands.screen import Config, say
from flows.commands.upkeep import backup, compact_warehouse, restore_warehouse

care = typer.Typer()


@care.command()
def watch(config: Config) -> None:
    """Tell whether the night that was due is published; exit 1 and one notice where it is late. For cron."""
    from flows.schedule.watch import watch as look
    from flows.settings import read_settings

    is_well, line = look(read_settings(config), now_utc())
    say(line, "green" if is_well else "red")
    if not is_well:
        raise typer.Exit(1)


@care.command()
def doctor(
    config: Annotated[Path | None, typer.Option("--config", help="path of plimsoll.toml")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="print the [[utilization]] table for it")] = None,
    iam: Annotated[bool, typer.Option("--iam", help="print what AWS must allow, as policies to paste")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check all that a night needs and say what to do; exit 1 where something is wrong.

    With --file only look at that file of load, and print the table of configuration that loads it.
    """
    if file:
        from data.utilization.files.propose import propose

        say(propose(file).rstrip())
        return
    if config is None:
        raise ConfigError("doctor needs --config plimsoll.toml, or --file for the table that loads a file")
    if iam:
        from flows.doctor.iam import iam_text
        from flows.settings import read_settings

        say(iam_text(read_settings(config)))
        return
    from flows.doctor.doctor import examine

    findings = examine(config, now_utc, os.environ)
    for finding in findings:
        mark, style = {"good": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}[finding.state]
        say(f"{mark} {finding.what}: {finding.found}", style)
        if finding.advice:
            say(f"    {finding.advice}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


care.command()(backup)
care.command("restore")(restore_warehouse)
care.command("compact")(compact_warehouse)
