"""The environment that a command is about: that of the workspace, or one made for a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import console
from .options import project_of, workspace_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_core.environments import VirtualEnvironment

F = TypeVar("F", bound=Callable[..., Any])


def requested_at_option(function: F) -> F:
    """Add `--at`, as of which requirements are resolved."""
    return click.option(
        "--at",
        metavar="DAY",
        help="Resolve the requirements as of a day (2026-03-01, all of it in UTC) or a time "
        "(2026-03-01T18:00+01:00): with what had been released by then.",
    )(function)


def requested(
    requirements: Sequence[str],
    path: Path,
    *,
    python: str | None = None,
    upgrade: bool = False,
    at: str | None = None,
) -> tuple[VirtualEnvironment, str]:
    """Return an environment, and what to call it in a sentence.

    Args:
        requirements: What was asked for; that of the workspace is meant where nothing was.
        path: Folder of the project or the workspace.
        python: Interpreter of an environment that is made.
        upgrade: Resolve the requirements again in any case.
        at: Moment as of which they are resolved.
    """
    if not requirements:
        given = {"--python": python, "--upgrade": upgrade, "--at": at}
        names = [name for name, value in given.items() if value]
        if names:
            verb = "is" if len(names) == 1 else "are"
            msg = f"{' and '.join(names)} {verb} for an environment of its own: name a requirement."
            raise click.UsageError(msg)
        workspace = workspace_of(path)
        workspace.environment.check()
        return workspace.environment, f"the workspace {workspace.name}"
    return _made(requirements, path, python, upgrade=upgrade, at=at), "this environment"


def _made(
    requirements: Sequence[str], path: Path, python: str | None, *, upgrade: bool, at: str | None
) -> VirtualEnvironment:
    from pipl_core import adhoc_environment

    from ._tools import warn_of_missing

    project = project_of(path)
    made: list[str] = []

    def progress(step: str) -> None:
        made.append(step)
        console.message(step)

    found = adhoc_environment(
        project, requirements, python=python, upgrade=upgrade, at=at, progress=progress
    )
    if found.warning:
        console.warn(found.warning)
    if made:
        warn_of_missing(found.environment)
    return found.environment
