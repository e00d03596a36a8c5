"""Give `pipl` a command of the studio's own: `pipl studio hello`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pipl_hooks import Command, hookimpl


@click.command()
def hello() -> None:
    """Say who greets."""
    click.echo("The studio says hello.")


@hookimpl
def pipl_commands() -> Iterable[Command]:
    """Name the command; it is imported when somebody types it."""
    return [Command("studio hello", f"{__name__}:hello", "Say hello.")]
