"""`pipl work create-area`, `create`, `list`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from .._moments import tell_moment
from ..options import (
    at_option,
    command,
    existing,
    json_option,
    path_option,
    project_of,
    warn_of_packl,
    warn_of_workspace,
)

if TYPE_CHECKING:
    from pipl_core import Project, Workspace


@command("create-area", "pipl work create-area /shows/MyProject/layout")
@click.argument("folder", type=click.Path(path_type=Path), metavar="PATH")
@path_option()
def create_area(folder: Path, path: Path) -> None:
    """Make a further folder for workspaces; the default one is workspaces/ in the project."""
    from pipl_core import create_workarea

    area = create_workarea(project_of(path), folder)
    console.message(f"Made the workarea {area}.")
    console.data(str(area))


@command(
    "create",
    "pipl work create shot_010_anim\n"
    'pipl work create tests "sample-anim>=0.1"\n'
    "pipl work create as_it_was --at 2026-03-01\n"
    "pipl work create --task shot_010_anim\n"
    "pipl work create old --task shot_010_anim==1.2.0 --locked",
)
@click.argument("name", required=False)
@click.argument("requirements", nargs=-1, metavar="[REQUIREMENT]...")
@click.option("--task", metavar="TASK[==VERSION]", help="A released task to install; gives NAME.")
@click.option(
    "--locked", is_flag=True, help="Exactly the versions that the task's lock names, and no others."
)
@click.option("--python", help="A version such as 3.11, or a path; that of pipl where not given.")
@at_option
@path_option("project or workarea")
def create(
    name: str | None,
    requirements: tuple[str, ...],
    task: str | None,
    locked: bool,
    python: str | None,
    at: str | None,
    path: Path,
) -> None:
    """Make a workspace with the project's pipeline, and what else is required.

    It lies in the workarea of the current folder, or in the project's own.
    """
    from pipl_core import Workspace
    from pipl_core.areas import workarea_of
    from pipl_core.requirements import parsed_requirement

    from .._origins import warn_of_third_party
    from .._tools import warn_of_missing

    if name is None and task is None:
        msg = "Missing argument 'NAME', or the option '--task'."
        raise click.UsageError(msg)
    if locked and (task is None or requirements or at):
        msg = "'--locked' needs '--task', and takes no further requirements and no '--at'."
        raise click.UsageError(msg)
    released = None if task is None else parsed_requirement(task)
    project = project_of(path)
    area = workarea_of(project, path)
    with console.working(f"Making the workspace {name or ''}".rstrip()) as progress:
        if released is None:
            workspace = Workspace.create(
                project,
                str(name),
                area=area,
                python=python,
                requirements=requirements,
                at=at,
                progress=progress,
            )
        else:
            from pipl_core.task_workspaces import create_for_task

            workspace = create_for_task(
                project,
                released,
                name,
                locked=locked,
                area=area,
                python=python,
                requirements=requirements,
                at=at,
                progress=progress,
            )
    warn_of_third_party(workspace, requirements, {})
    warn_of_missing(workspace.environment)
    place = shlex.quote(str(workspace.folder))
    tell_moment(workspace)
    console.message(f"Made the workspace {workspace.name}. Enter it: cd {place}; pipl work shell")
    console.data(str(workspace.folder))


@command("list", "pipl work list\npipl work list -p workspaces/shot_010_anim --json")
@click.option("--all", "everything", is_flag=True, help="All workspaces, also when inside one.")
@json_option
@path_option("project or workspace")
def list_workspaces(everything: bool, as_json: bool, path: Path) -> None:
    """List the project's workspaces; inside one, list what is installed and edited there."""
    from pipl_core import Workspace
    from pipl_core.workspace import WORKSPACE_FILE

    start = existing(path).absolute()
    inside = any((folder / WORKSPACE_FILE).is_file() for folder in (start, *start.parents))
    if inside and not everything:
        show_workspace(Workspace.find(start), as_json)
    else:
        _show_all(project_of(path), as_json)


def show_workspace(workspace: Workspace, as_json: bool) -> None:
    """Show what is installed and edited in a workspace."""
    from pipl_hooks import normalized_name

    packls = workspace.readable_packls(warn_of_packl)
    edited = {normalized_name(packl.name): packl for packl in packls}
    # What is installed in edition keeps the metadata of the day when it was.
    installed = workspace.installed() | {name: packl.version for name, packl in edited.items()}
    if as_json:
        listed = [
            {
                "name": name,
                "version": version,
                "edited": edited[name].folder if name in edited else None,
            }
            for name, version in installed.items()
        ]
        console.json_data(
            {
                "name": workspace.name,
                "folder": workspace.folder,
                "project": workspace.project.name,
                "requirements": workspace.requirements,
                "at": workspace.at,
                "offline": workspace.offline,
                "locked": workspace.is_locked,
                "packls": listed,
            }
        )
        return
    console.message(f"{workspace.name} at {workspace.folder}")
    tell_moment(workspace)
    rows = [(n, v, "edited" if n in edited else "-") for n, v in installed.items()]
    console.table(("INSTALLED", "VERSION", "EDITED"), rows, "Nothing is installed.")


def _show_all(project: Project, as_json: bool) -> None:
    from pipl_core import workspaces

    found = [
        (workspace, [packl.name for packl in workspace.readable_packls(warn_of_packl)])
        for workspace in workspaces(project, warn_of_workspace)
    ]
    if as_json:
        console.json_data(
            [{"name": w.name, "folder": w.folder, "packls": names} for w, names in found]
        )
        return
    rows = [(w.name, ", ".join(names) or "-", str(w.folder)) for w, names in found]
    empty = f"{project.name} has no workspaces. Make one: `pipl work create NAME`."
    console.table(("WORKSPACE", "PACKLS IN EDITION", "FOLDER"), rows, empty)
