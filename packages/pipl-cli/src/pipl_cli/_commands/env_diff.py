"""`pipl env diff`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, path_option, workspace_of

if TYPE_CHECKING:
    from pipl_core import Workspace
    from pipl_core.environments import VirtualEnvironment


@command(
    "diff",
    "pipl env diff\npipl env diff shot_020_anim\npipl env diff 'maya-env>=2' houdini-env",
)
@click.argument("others", nargs=-1, metavar="[WORKSPACE | REQUIREMENT...]")
@json_option
@path_option("workspace")
def diff(others: tuple[str, ...], as_json: bool, path: Path) -> None:
    """Compare the workspace with another one, a request, or what is outside of it.

    Without arguments, tell what activating the workspace changes in the variables that this
    command itself was started with. With a workspace's name or folder, or the requirements of an
    ad hoc environment, tell what is in the workspace alone (-) and in the other one alone (+).
    """
    workspace = workspace_of(path)
    workspace.environment.check()
    if others:
        environment = _other(workspace, others)
        gone, new = _environments(workspace.environment, environment)
    else:
        gone, new = _outside(workspace.environment)
    if as_json:
        console.json_data({"removed": gone, "added": new})
        return
    for sign, style, lines in (("-", "red", gone), ("+", "green", new)):
        for line in lines:
            console.data(
                click.style(f"{sign} {line}", fg=style) if _coloured() else f"{sign} {line}"
            )
    if not gone and not new:
        console.message("There is no difference.")


def _outside(environment: VirtualEnvironment) -> tuple[list[str], list[str]]:
    whole = environment.whole
    after = environment.variables()
    names = [
        name for name in sorted({*os.environ, *after}) if os.environ.get(name) != after.get(name)
    ]
    gone = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    new = []
    for name in names:
        if name in after:
            variable = whole.variables.get(name)
            packls = f"  # {', '.join(variable.packls)}" if variable else ""
            new.append(f"{name}={after[name]}{packls}")
    return gone, new


def _environments(
    one: VirtualEnvironment, other: VirtualEnvironment
) -> tuple[list[str], list[str]]:
    from .._environment_lines import environment_lines

    before = [*_packls(one), *environment_lines(one.settings)]
    after = [*_packls(other), *environment_lines(other.settings)]
    gone = [line for line in before if line not in after]
    return gone, [line for line in after if line not in before]


def _packls(environment: VirtualEnvironment) -> list[str]:
    return [f"{name} {version}" for name, version in environment.installed().items()]


def _other(workspace: Workspace, others: tuple[str, ...]) -> VirtualEnvironment:
    from pipl_core import Workspace, adhoc_environment, workspaces
    from pipl_core.workspace import WORKSPACE_FILE

    if len(others) == 1:
        if (Path(others[0]) / WORKSPACE_FILE).is_file():
            return Workspace(Path(others[0])).environment
        for each in workspaces(workspace.project):
            if each.name == others[0]:
                return each.environment
    with console.working(f"Looking at {', '.join(others)}") as progress:
        found = adhoc_environment(workspace.project, others, progress=progress)
    if found.warning:
        console.warn(found.warning)
    return found.environment


def _coloured() -> bool:
    import sys

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
