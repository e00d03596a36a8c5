"""Warns of tools that an environment asks for, and that this machine does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from pipl_core.environments import VirtualEnvironment


def warn_of_missing(environment: VirtualEnvironment) -> None:
    """Warn of each tool that is missing and not optional.

    Args:
        environment: The environment, after something was installed.
    """
    for name, tool in sorted(environment.settings.missing.items()):
        if not tool.optional:
            first = tool.problem.partition("\n")[0].rstrip(".")
            console.warn(f"{first}: see `pipl env explain {name}`.")
