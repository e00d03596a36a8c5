"""`pipl work install`, `sync`, `status`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, json_option, path_option, workspace_of


@command("install", 'pipl work install sample-anim\npipl work install "char_hero_rig>=2,<3"')
@click.argument("requirements", nargs=-1, required=True, metavar="REQUIREMENT...")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
@path_option("workspace")
def install(requirements: tuple[str, ...], upgrade: bool, path: Path) -> None:
    """Install packls from the project's index, and remember them for `pipl work sync`.

    Nothing changes when they do not go together with what is there.
    """
    from .._origins import warn_of_third_party
    from .._tools import warn_of_missing

    workspace = workspace_of(path)
    before = workspace.installed()
    with console.working(f"Installing {', '.join(requirements)}"):
        workspace.install(_checked(requirements), upgrade=upgrade)
    _tell_changes(before, workspace.installed())
    warn_of_third_party(workspace, requirements, before)
    warn_of_missing(workspace.environment)


@command("sync", "pipl work sync\npipl work sync --upgrade")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
@path_option("workspace")
def sync(upgrade: bool, path: Path) -> None:
    """Bring the environment to what the workspace and its packls in edition ask for.

    An environment that is missing or broken is made anew.
    """
    from .._tools import warn_of_missing

    workspace = workspace_of(path)
    before = workspace.installed()
    with console.working(f"Bringing {workspace.name} up to date") as progress:
        workspace.sync(progress, upgrade=upgrade)
    _tell_changes(before, workspace.installed())
    warn_of_missing(workspace.environment)


@command("status", "pipl work status --json")
@json_option
@path_option("workspace")
def status(as_json: bool, path: Path) -> None:
    """Tell which of the project's packls are installed, edited, and released in a newer version."""
    from packaging.version import Version

    workspace = workspace_of(path)
    found = workspace.status()
    newer = {p.name for p in found if p.newest and Version(p.newest) > Version(p.version)}
    if as_json:
        console.json_data([{**vars(packl), "newer": packl.name in newer} for packl in found])
        return
    rows = [
        (
            packl.name,
            packl.version,
            packl.newest or "-",
            "newer" if packl.name in newer else "-",
            "edited" if packl.edited else "-",
        )
        for packl in found
    ]
    header = ("PACKL", "INSTALLED", "NEWEST", "NEWS", "EDITED")
    console.table(header, rows, "No packl of the project is installed here.")
    if newer:
        console.message("Take what is newer and fits: `pipl work sync --upgrade`.")


def _checked(requirements: tuple[str, ...]) -> list[str]:
    from packaging.requirements import InvalidRequirement, Requirement

    from pipl_core import CoreError

    for text in requirements:
        try:
            Requirement(text)
        except InvalidRequirement as error:
            msg = f"{text!r} is no requirement."
            context = str(error).partition("\n")[0]
            hint = 'For example: pipl work install "char_hero_rig>=2,<3".'
            raise CoreError(msg, context=context, hint=hint) from error
    return list(requirements)


def _tell_changes(before: dict[str, str], after: dict[str, str]) -> None:
    changed = False
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        changed = True
        if old is None:
            console.line(("+ ", "green"), f"{name} {new}")
        elif new is None:
            console.line(("- ", "red"), f"{name} {old}")
        else:
            console.line(("~ ", "yellow"), f"{name} {old} -> {new}")
    if not changed:
        console.message("No version changed.")
