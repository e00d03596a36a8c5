"""What `pipl task create` and `pipl product create` have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from . import console
from .options import workspace_of

F = TypeVar("F", bound=Callable[..., Any])


def entity_option(function: F) -> F:
    """Add `-e KEY=VALUE`."""
    return click.option(
        "-e",
        "--entity",
        multiple=True,
        metavar="KEY=VALUE",
        help="What it is about in the story: sequence=sq010.",
    )(function)


def make(
    kind: str,
    name: str,
    type_name: str,
    entity: tuple[str, ...],
    path: Path,
    *,
    shadow: bool = False,
) -> None:
    """Make a packl of the workspace a task or a product."""
    from pipl_core import tasks

    about = _entity(entity)
    workspace = workspace_of(path)
    with console.working(f"Making the {kind} {name}") as progress:
        made = tasks.make(
            *(workspace, kind, name, type_name, about or None, progress),
            shadow=shadow,
            warn=console.warn,
        )
    done = f"is a {kind} of the type {type_name}" if made.changed else f"was that {kind} already"
    console.message(f"{made.packl.name} {done}.")
    if made.commands:
        console.message(f"Its commands: {', '.join(made.commands)}.")
    console.data(str(made.packl.folder))


def _entity(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not (key and equals and value):
            msg = f"{text!r} is not KEY=VALUE."
            raise click.BadParameter(msg, param_hint="'-e' / '--entity'")
        found[key] = value
    return found
