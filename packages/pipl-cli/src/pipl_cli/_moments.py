"""Tells as of which day a workspace installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from pipl_core import Workspace


def tell_moment(workspace: Workspace) -> None:
    """Tell it, where it is not now."""
    if workspace.at:
        back = "`pipl work sync --at now` takes the newest again"
        console.message(f"{workspace.name} installs as of {workspace.at}; {back}.")
