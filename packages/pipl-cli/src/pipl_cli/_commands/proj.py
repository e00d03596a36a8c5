"""`pipl proj create`, `setup`, `list-stages`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, path_option, project_of

if TYPE_CHECKING:
    from pipl_core import Project

ARTIST = "artist"
"""The first artist's name, where whoever sets the project up is the machine's administrator."""


@command("create", "pipl proj create /shows/MyProject\npipl proj create MyProject --port 3142")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the project; that of the folder where not given.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of its server; 3141 where that is free, else another one, where not given.",
)
def create(path: Path, name: str | None, port: int | None) -> None:
    """Make a project in a new folder."""
    from pipl_core import Project

    project = Project.create(path, name, port)
    console.message(f"Made the project {project.name}. Its server will be at {project.address}.")
    console.message(f"Next: cd {shlex.quote(str(project.folder))}, then `pipl proj start`.")
    console.data(str(project.folder))


@command("setup", "pipl proj setup --artist bob")
@click.option(
    "--artist",
    help="First artist; your own name on this machine where not given.",
)
@click.option(
    "--wheels",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Release all wheels of this folder, such as pipl's own.",
)
@path_option()
def setup(artist: str | None, wheels: Path | None, path: Path) -> None:
    """Make the users, the mirror and the indexes of the stages; what stands is left as it is.

    A new server's root gets a random password, which the project keeps in a file that only its
    owner can read. The artist is logged in.
    """
    from pipl_core import set_up

    project = project_of(path)
    name = artist or _own_name()
    with console.working(f"Setting {project.name} up") as progress:
        report = set_up(project, name, progress)
    done = "is set up" if report.made else "was set up already"
    console.message(f"{project.name} {done}; the artist is {report.artist}.")
    if report.user != report.artist:
        console.message(f"Logged in is {report.user or 'nobody'}; see `pipl login`.")
    if wheels is not None:
        _release(project, wheels)


@command("list-stages", "pipl proj list-stages --json")
@json_option
@path_option()
def list_stages(as_json: bool, path: Path) -> None:
    """List the stages of a publication, the first one first."""
    stages = project_of(path).config.stages
    if as_json:
        console.json_data(stages)
        return
    rows = [(s.name, s.index, s.handler or "-", s.next or "-") for s in stages]
    console.table(("STAGE", "INDEX", "HANDLER", "NEXT"), rows)


def _release(project: Project, folder: Path) -> None:
    from pipl_core.setup import CI_USER
    from pipl_core.wheelhouse import publish_wheels

    with console.working(f"Releasing the wheels of {folder}") as progress:
        published = publish_wheels(project, sorted(folder.glob("*.whl")), CI_USER, progress)
    for kept in published.kept:
        console.warn(f"{kept} stays as it was released; bump its version to release another.")
    there = len(published.unchanged)
    console.message(f"Released {len(published.uploaded)} wheel(s); {there} were there already.")


def _own_name() -> str:
    import getpass

    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return ARTIST
    return ARTIST if name.lower() in {"root", "administrator", "system"} else name
