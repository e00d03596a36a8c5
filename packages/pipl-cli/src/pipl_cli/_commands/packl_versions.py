"""`pipl packl outdated`, `why`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from .. import console
from ..options import as_of_option, command, json_option, moment_of, path_option, workspace_of


@command("outdated", "pipl packl outdated\npipl packl outdated shot_010_anim --pre --json")
@click.argument("name", required=False)
@click.option("--pre", is_flag=True, help="Count release candidates, even if nobody asks for one.")
@as_of_option
@json_option
@path_option("workspace")
def outdated(  # each is a word of the command
    name: str | None, pre: bool, at: str | None, as_json: bool, path: Path
) -> None:
    """List what the workspace has and the project has in a newer version, or has withdrawn.

    FITS is the newest version inside what is asked for here, NEWEST the newest at all. With NAME,
    only what that packl depends on.
    """
    from pipl_core.catalogue import catalogue_of
    from pipl_core.outdated import standings

    from .._standings import as_data, news

    workspace, moment = workspace_of(path), moment_of(at)
    with contextlib.closing(catalogue_of(workspace.project)) as catalogue:
        found = standings(workspace, catalogue, name, candidates=pre, at=moment)
    behind = [packl for packl in found if news(packl)]
    if as_json:
        console.json_data([as_data(packl) for packl in behind])
        return
    header = ("PACKL", "INSTALLED", "FITS", "NEWEST", "NEWS", "HELD BACK BY")
    rows = [
        (
            packl.name,
            packl.version,
            packl.fits or "-",
            packl.newest or "-",
            ", ".join(news(packl)),
            "; ".join(packl.held_by) or "-",
        )
        for packl in behind
    ]
    whose = f"that {name} depends on" if name else f"in {workspace.name}"
    console.table(header, rows, f"Everything {whose} is the newest that there is.")


@command("why", "pipl packl why char_hero_rig\npipl packl why char_hero_rig --json")
@click.argument("name")
@json_option
@path_option("workspace")
def why(name: str, as_json: bool, path: Path) -> None:
    """Tell who asks for a packl in the workspace, and along which ways, the shortest first.

    What the project's constraints allow of it comes last.
    """
    from pipl_core.asking import why as asked

    found = asked(workspace_of(path), name)
    if as_json:
        console.json_data(found)
        return
    edited = " (edited)" if found.edited else ""
    console.data(f"{found.name} {found.version or 'is not installed'}{edited}")
    for way in found.ways:
        wrong = "" if way.fits else " DOES NOT FIT"
        console.data(f"  {', '.join(map(str, way.steps))}{wrong}")
    for constraint in found.constraints:
        console.data(f"  {constraint}")
    if not found.ways:
        console.message(f"Nobody asks for {found.name}.")
