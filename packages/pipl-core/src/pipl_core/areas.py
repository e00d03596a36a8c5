"""Workareas: folders of workspaces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from ._files import write_together
from .errors import ConflictError, CoreError
from .workspace import FORMAT, WORKAREA_FILE, WORKSPACE_FILE, Workspace

if TYPE_CHECKING:
    from .project import Project


def create_workarea(project: Project, folder: Path) -> Path:
    """Make a further workarea of a project: a folder of workspaces.

    Raises:
        ConflictError: The folder is a workarea already.
        CoreError: Nothing can be called so, or the disk refused.
    """
    folder = folder.absolute()
    if not str(folder).isprintable():
        msg = f"{str(folder)!r:.300} cannot be a workarea."
        raise CoreError(msg, hint="Use a name without line breaks and control characters.")
    marker = folder / WORKAREA_FILE
    if marker.exists():
        msg = f"{folder} is a workarea already."
        raise ConflictError(msg, hint=f"Make a workspace in it: pipl work create -p {folder} NAME")
    document = tomlkit.document()
    document["format"] = FORMAT
    document["project"] = str(project.folder)
    remembered = project.system / "workareas"
    lines = remembered.read_text(encoding="utf-8") if remembered.exists() else ""
    write_together({marker: tomlkit.dumps(document), remembered: f"{lines}{folder}\n"})
    return folder


def workareas(project: Project) -> list[Path]:
    """List the workareas of a project, the default one first."""
    remembered = project.system / "workareas"
    further = remembered.read_text(encoding="utf-8").split("\n") if remembered.exists() else []
    return [project.workarea, *(Path(line) for line in further if line and Path(line).is_dir())]


def workarea_of(project: Project, start: Path) -> Path:
    """Return the workarea in which a folder lies; the project's default one where in none."""
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / WORKAREA_FILE).exists():
            return folder
    return project.workarea


def workspaces(
    project: Project, warn: Callable[[Path, CoreError], None] = lambda *_: None
) -> list[Workspace]:
    """List the workspaces of a project, in all of its workareas.

    Args:
        project: The project.
        warn: Called with the folder of each workspace that cannot be read, and why.
    """
    found = []
    for area in workareas(project):
        for marker in sorted(area.glob(f"*/{WORKSPACE_FILE}")):
            try:
                found.append(Workspace(marker.parent))
            except CoreError as error:
                warn(marker.parent, error)
    return found
