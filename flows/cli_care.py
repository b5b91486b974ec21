"""Commands of whoever keeps it running: is all there, is it late, a second copy, and the way back from it."""

import os

import typer

from flows.clock import now_utc
from flows.screen import Config, say
from flows.upkeep import backup, compact_warehouse, restore_warehouse

care = typer.Typer()


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


care.command()(backup)
care.command("restore")(restore_warehouse)
care.command("compact")(compact_warehouse)
