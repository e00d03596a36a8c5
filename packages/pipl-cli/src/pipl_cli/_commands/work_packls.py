"""`pipl work install`, `sync`, `status`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from .._moments import tell_moment
from ..options import at_option, command, json_option, path_option, warn_of_packl, workspace_of


@command("install", 'pipl work install sample-anim\npipl work install "char_hero_rig>=2,<3"')
@click.argument("requirements", nargs=-1, required=True, metavar="REQUIREMENT...")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
@at_option
@path_option("workspace")
def install(requirements: tuple[str, ...], upgrade: bool, at: str | None, path: Path) -> None:
    """Install packls from the project's index, and remember them for `pipl work sync`.

    Nothing changes when they do not go together with what is there.
    """
    from .._origins import warn_of_third_party
    from .._tools import warn_of_missing

    workspace = workspace_of(path)
    before = workspace.installed()
    with console.working(f"Installing {', '.join(requirements)}"):
        workspace.install(requirements, upgrade=upgrade, at=at)
    _tell_changes(before, workspace.installed())
    tell_moment(workspace)
    warn_of_third_party(workspace, requirements, before)
    warn_of_missing(workspace.environment)


@command("edit", "pipl work edit shot_010_anim\npipl work edit shot_010_anim==1.2.0")
@click.argument("packl", metavar="PACKL[==VERSION]")
@path_option("workspace")
def edit(packl: str, path: Path) -> None:
    """Take a released packl into edition, so that you go on with it.

    Its code, metadata and history come from its wheel; tests are not in there.
    """
    from pipl_core.requirements import parsed_requirement
    from pipl_core.taking_up import take_up

    workspace = workspace_of(path)
    with console.working(f"Taking {packl} into edition") as progress:
        taken = take_up(workspace, parsed_requirement(packl), progress)
    console.message(f"{taken.name} {taken.version} is in edition.")
    console.message("Move its version on before you publish: `pipl packl bump patch COMMENT`.")
    console.data(str(taken.folder))


@command("sync", "pipl work sync\npipl work sync --upgrade\npipl work sync --at 2026-03-01")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
@at_option
@path_option("workspace")
def sync(upgrade: bool, at: str | None, path: Path) -> None:
    """Bring the environment to what the workspace and its packls in edition ask for.

    An environment that is missing or broken is made anew. With --at all versions become those of
    that day, also where newer ones are installed; `--at now` takes the newest again.
    """
    from .._tools import warn_of_missing

    workspace = workspace_of(path)
    before = workspace.installed() if workspace.environment.exists else {}
    with console.working(f"Bringing {workspace.name} up to date") as progress:
        workspace.sync(progress, upgrade=upgrade, at=at)
    _tell_changes(before, workspace.installed())
    tell_moment(workspace)
    warn_of_missing(workspace.environment)


@command("status", "pipl work status --json")
@json_option
@path_option("workspace")
def status(as_json: bool, path: Path) -> None:
    """Tell which of the project's packls are installed and edited, and which are newer.

    FITS is the newest version inside what is asked for here, NEWEST the newest at all;
    `pipl packl outdated` tells what holds it back.
    """
    from pipl_core import ServerError

    from .._standings import as_data, news

    workspace = workspace_of(path)
    if workspace.offline:
        console.message(f"{workspace.name} is offline: its Assets are beside it.")
    try:
        found = workspace.status(warn_of_packl)
    except ServerError:
        if not workspace.offline:
            raise
        from .work import show_workspace

        console.message("No server answers, so what is newer is not known.")
        show_workspace(workspace, as_json)
        return
    if as_json:
        console.json_data([as_data(packl) for packl in found])
        return
    rows = [
        (
            packl.name,
            packl.version,
            packl.fits or "-",
            packl.newest or "-",
            ", ".join(news(packl)) or "-",
            "edited" if packl.edited else "-",
        )
        for packl in found
    ]
    header = ("PACKL", "INSTALLED", "FITS", "NEWEST", "NEWS", "EDITED")
    console.table(header, rows, "No packl of the project is installed here.")
    tell_moment(workspace)
    if any(packl.has_newer for packl in found):
        console.message("Take what is newer and fits: `pipl work sync --upgrade`.")


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
