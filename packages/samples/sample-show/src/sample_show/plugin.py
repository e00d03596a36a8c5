"""Adds `pipl show play`: what a studio's own command looks like."""

from __future__ import annotations

from collections.abc import Iterable

from pipl_hooks import Command, hookimpl


@hookimpl
def pipl_commands() -> Iterable[Command]:
    """Add the command below the group `show`."""
    help_ = "Play the sample show, from its edit to a contact sheet."
    return [Command("show play", "sample_show.commands:play_command", help_)]
