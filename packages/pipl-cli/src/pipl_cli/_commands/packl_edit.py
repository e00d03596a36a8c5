"""`pipl packl add`, `remove`, `bump`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, packl_of, path_option


@command(
    "add",
    'pipl packl add char_hero_rig ">=2,<3" "needs the new neck"\n'
    'pipl packl add sample-viewer -m "to look at it" -x edit',
)
@click.argument("name")
@click.argument("versions", default="")
@click.argument("comment", default="")
@click.option("-m", "--comment", "reason", default="", help="Why, where no versions are given.")
@click.option("-x", "--extra", help="Record it under this extra, such as edit.")
@path_option("packl")
def add(  # each is a word of the command
    name: str, versions: str, comment: str, reason: str, extra: str | None, path: Path
) -> None:
    """Install a packl, and record it as a dependency once it is installed.

    Without VERSIONS it is what goes together with the installed version. The comment goes into
    the packl's history. Adding one that is there already changes its versions.
    """
    from pipl_core import add_dependency

    from .._origins import warn_of_third_party

    packl, workspace = packl_of(path, to_change=True)
    before = workspace.installed()
    with console.working(f"Installing {name}"):
        requirement = add_dependency(
            packl, workspace, name, versions, comment or reason, extra=extra
        )
    where = f" with the extra {extra}" if extra else ""
    console.message(f"{packl.name} depends on {requirement}{where}.")
    warn_of_third_party(workspace, [str(requirement)], before)


@command("remove", 'pipl packl remove char_hero_rig "the rig is baked now"')
@click.argument("name")
@click.argument("comment", default="")
@click.option("-x", "--extra", help="Remove it from this extra.")
@path_option("packl")
def remove(name: str, comment: str, extra: str | None, path: Path) -> None:
    """Remove a dependency, and uninstall it where nothing else needs it."""
    from pipl_core import remove_dependency

    packl, workspace = packl_of(path, to_change=True)
    with console.working(f"Removing {name}"):
        requirement = remove_dependency(packl, workspace, name, comment, extra=extra)
    console.message(f"{packl.name} no longer depends on {requirement}.")


@command("bump", 'pipl packl bump minor "the neck can stretch"\npipl packl bump rc')
@click.argument("part", type=click.Choice(["major", "minor", "patch", "rc", "release"]))
@click.argument("comment", default="")
@path_option("packl")
def bump(part: str, comment: str, path: Path) -> None:
    """Move the version on.

    rc makes the next release candidate, release the final version of one.
    """
    from typing import cast

    from pipl_core.versions import Part

    packl, workspace = packl_of(path, to_change=True)
    before = packl.version
    version = packl.bump(cast("Part", part), comment)
    workspace.bring_up_to_date(f"{packl.name} has the version {version} now")
    console.message(f"{packl.name} {before} -> {version}")
    console.data(version)
