"""Options and arguments that commands share. Public, for commands of plugins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from pipl_core import Packl, Project, Workspace

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


def json_option(function: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def project_of(path: Path) -> Project:
    """Find the project of a folder."""
    from pipl_core import Project

    return Project.find(existing(path))


def workspace_of(path: Path) -> Workspace:
    """Find the workspace of a folder."""
    from pipl_core import Workspace

    return Workspace.find(existing(path))


def packl_of(path: Path, name: str | None = None) -> tuple[Packl, Workspace]:
    """Find a packl in edition and its workspace."""
    from pipl_core import Packl, Workspace

    packl = Packl.find(existing(path), name)
    return packl, Workspace.find(packl.folder)


def requirement(text: str) -> Requirement:
    """Read a packl's name and versions, as a person types them.

    Raises:
        CoreError: They cannot be read.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    from pipl_core import CoreError

    try:
        return Requirement(text)
    except InvalidRequirement as error:
        msg = f"{text!r} is no requirement."
        context = str(error).partition("\n")[0]
        hint = 'Write a name, and versions behind it: "char_hero_rig>=2,<3".'
        raise CoreError(msg, context=context, hint=hint) from error


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
