"""Hooks that are called in the tool environment, where the `pipl` command runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .._marker import hookspec

if TYPE_CHECKING:
    from pathlib import Path

    from ..interfaces import Catalogue, Command, Installer
    from ..problems import Problem


@hookspec
def pipl_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """Add commands to `pipl`.

    Called at each start of `pipl`, so it must only name them; they are imported when called. All
    answers count. A command with the path of an earlier one takes its place.

    Returns:
        The commands.
    """


@hookspec(firstresult=True)
def pipl_installer(name: str) -> Installer | None:
    """Give the installer of that name.

    Called before packls are installed. The first answer wins; pipl's own answers, `uv` and
    `pip`, come last.

    Args:
        name: The `installer` of the project's `pipl.toml`.

    Returns:
        The installer, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_catalogue(project: Path, address: str) -> Catalogue | None:
    """Give what answers over all releases of a project.

    Called by commands that look at the whole index, such as `pipl packl users`. The first answer
    wins; pipl's own, which reads the indexes and keeps what it read of wheels, comes last.

    Args:
        project: Folder of the project.
        address: Address of its server, without a slash at its end.

    Returns:
        The catalogue, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_packl_files(name: str, kind: str, summary: str) -> Mapping[str, str] | None:
    """Give the files of a new packl.

    Called by `pipl packl create`. The first answer wins; pipl's own skeleton comes last. The
    files that pipl manages (`_packl/`) are added afterwards.

    Args:
        name: Name of the packl.
        kind: `code`, `envset`, `product` or `task`.
        summary: One line on what it is for.

    Returns:
        Texts by their relative path, `pyproject.toml` among them, or None to leave it to others.
    """


@hookspec
def pipl_workspace_created(workspace: Path) -> None:
    """Take notice of a new workspace, after its environment stands.

    Called at the end of `pipl work create`. All implementations are called.

    Args:
        workspace: Folder of the workspace.
    """


@hookspec
def pipl_publish_checks(packl: Path) -> Iterable[Problem]:  # type: ignore[empty-body]
    """Check a packl before it is built and uploaded.

    Called by `pipl packl publish`. All answers count, and any problem stops the publication.

    Args:
        packl: Folder of the packl.

    Returns:
        What is wrong; empty when all is well.
    """
