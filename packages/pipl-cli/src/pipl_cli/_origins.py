"""Warns of what comes from elsewhere: a mistyped name may be a stranger's package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from pipl_core import Workspace


def warn_of_third_party(
    workspace: Workspace, requirements: Iterable[str], before: Mapping[str, str]
) -> None:
    """Warn of each packl that is new in a workspace, and that the project itself does not have.

    Args:
        workspace: The workspace.
        requirements: What was asked for and is installed now.
        before: Versions of what was installed before, by normalized name.
    """
    from packaging.requirements import Requirement

    from pipl_hooks import normalized_name

    names = [Requirement(requirement).name for requirement in requirements]
    new = [name for name in names if normalized_name(name) not in before]
    for name in workspace.third_party(new) if new else []:
        project = workspace.project.name
        console.warn(f"{name} is no packl of {project}: it comes from the third-party mirror.")
