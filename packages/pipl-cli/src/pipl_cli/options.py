"""Options and arguments that commands share. Public, for commands of plugins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import datetime

    from pipl_core import Packl, Project, Workspace
    from pipl_hooks import PiplError

F = TypeVar("F", bound=Callable[..., Any])


def command(name: str, example: str, **settings: Any) -> Callable[[F], click.Command]:  # noqa: ANN401
    """Make a function a click command whose help ends with an example.

    Args:
        name: Its word on the command line.
        example: One or more lines that a person could type.
        settings: Further arguments of `click.command`.
    """
    lines = "".join(f"\n  {line}" for line in example.strip().splitlines())
    context = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
    context.update(settings.pop("context_settings", {}))
    epilog = f"\b\nExample:{lines}"
    return click.command(name, epilog=epilog, context_settings=context, **settings)


def path_option(what: str = "project") -> Callable[[F], F]:
    """Add `-p/--path`, from which the project, workspace or packl is found."""
    return click.option(
        "-p",
        "--path",
        type=click.Path(path_type=Path),
        default=Path(),
        help=f"Folder of the {what}, or below it; the current one where not given.",
    )


def as_of_option(function: F) -> F:
    """Add `--at`, which looks at things as they were on a day."""
    return click.option(
        "--at",
        metavar="DAY",
        help="Look as of a day (2026-03-01, all of it in UTC) or a time (2026-03-01T18:00+01:00).",
    )(function)


def moment_of(at: str | None) -> datetime | None:
    """Return the moment before which what `--at` means had come; None where all of it counts."""
    from datetime import datetime

    from pipl_core.moments import end_of, parsed_moment

    moment = parsed_moment(at) if at is not None else None
    return datetime.fromisoformat(end_of(moment)) if moment is not None else None


def json_option(function: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def at_option(function: F) -> F:
    """Add `--at`, as of which packls are installed."""
    return click.option(
        "--at",
        metavar="DAY",
        help="As of a day (2026-03-01, all of it in UTC) or a time (2026-03-01T18:00+01:00): what "
        "had been released by then. The workspace stays there until `pipl work sync --at now`.",
    )(function)


def shadow_option(function: F) -> F:
    """Add `--shadow`."""
    return click.option(
        "--shadow",
        is_flag=True,
        help="Take the name even where the project, its mirror or pipl has something of it.",
    )(function)


def project_of(path: Path) -> Project:
    """Find the project of a folder."""
    from pipl_core import Project

    return Project.find(existing(path))


def workspace_of(path: Path) -> Workspace:
    """Find the workspace of a folder."""
    from pipl_core import Workspace

    return Workspace.find(existing(path))


def packl_of(
    path: Path, name: str | None = None, *, to_change: bool = False
) -> tuple[Packl, Workspace]:
    """Find a packl in edition and its workspace.

    Args:
        path: A folder.
        name: Name of the packl; the one of the folder, or the only one, where None.
        to_change: What follows changes it and its environment, for which all packls in edition
            must be readable; else only this one.
    """
    from pipl_core import Packl, Workspace

    packl = Packl.find(existing(path), name)
    workspace = Workspace.find(packl.folder)
    if to_change:
        _ = workspace.packls  # raises the error of the one that cannot be read
    return packl, workspace


def warn_of_workspace(folder: Path, error: PiplError) -> None:
    """Warn of a workspace that cannot be read, while others go on."""
    from . import console

    more = f" {error.context}" if error.context else ""
    console.warn(f"the workspace {folder} is left out: {error.message}{more}")


def warn_of_packl(folder: Path, error: PiplError) -> None:
    """Warn of a packl in edition that cannot be read, while others go on."""
    from . import console

    more = f" {error.context}" if error.context else ""
    console.warn(f"the packl in {folder} is left out: {error.message}{more}")


def existing(path: Path) -> Path:
    """Return a path that exists.

    Raises:
        NotFoundError: It does not.
    """
    from pipl_core import NotFoundError

    if not path.exists():
        msg = f"There is no folder {path}."
        raise NotFoundError(msg, hint="Correct -p/--path.")
    return path
