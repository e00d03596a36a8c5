"""The one Task of a workspace, and its programs beside those that packls bring themselves."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import shapes

from ._files import explained, write_text
from .errors import ConflictError, CoreError, NotFoundError, ServerError
from .names import same_name
from .released import released_packl
from .requirements import parsed_requirement

if TYPE_CHECKING:
    from .environments import VirtualEnvironment
    from .workspace import Workspace

PROGRAMS_FILE = "pipl-programs.json"
"""In the virtualenv: names of the programs that were written here."""

TASK_GROUP = "pipl_pipe.task"
_TARGET = "pipl_pipe._programs:main"
_MODULE = b"pipl_pipe._programs"


def write_programs(environment: VirtualEnvironment) -> list[str]:
    """Write what calls the commands of the one Task, and remove what calls none any more.

    A program that a packl brings is left alone. Where the Task's code cannot be imported, the
    programs stay as they were: it is being edited.

    Returns:
        Names of the programs that stand here now.

    Raises:
        CoreError: They could not be written.
    """
    path = environment.folder / PROGRAMS_FILE
    before = _recorded(path)
    if not installed_tasks(environment):
        wanted: list[str] = []
    else:
        try:
            wanted = sorted(environment.ask("programs"))
        except CoreError:
            return before
    with explained(f"The programs of {environment.folder} could not be written."):
        ours = [name for name in wanted if not _foreign(environment, name)]
        for name in set(before) - set(ours):
            for program in _paths(environment, name):
                if _is_ours(program):
                    program.unlink()
        for name in ours:
            if not _paths(environment, name):
                _write(environment, name)
    if ours != before:
        write_text(path, json.dumps(ours, indent=2) + "\n")
    return ours


def _recorded(path: Path) -> list[str]:
    """Read which programs were written; with a damaged file, old ones stay that are wanted no more."""
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        return list(shapes.texts(json.loads(path.read_text(encoding="utf-8")), path.name))
    return []


def installed_tasks(environment: VirtualEnvironment) -> list[str]:
    """Return the names of the Tasks in an environment, as their metadata writes them."""
    folders = [str(folder) for folder in environment.site_packages]
    return sorted(
        distribution.metadata["Name"]
        for distribution in distributions(path=folders)
        if any(point.group == TASK_GROUP for point in distribution.entry_points)
    )


def check_requirements(workspace: Workspace, requirements: Sequence[str]) -> None:
    """Make sure that no second Task is installed, as far as requirements name one.

    Raises:
        ConflictError: One would be.
    """
    if not requirements or not workspace.tasks:
        return
    for requirement in map(parsed_requirement, requirements):
        # What cannot be found is for the installer to say.
        with contextlib.suppress(NotFoundError, ServerError):
            with released_packl(workspace.project, requirement) as packl:
                is_task = packl.info.kind == "task"
            if is_task:
                check_one_task(workspace, packl.name)


def check_one_task(workspace: Workspace, name: str) -> None:
    """Make sure that a workspace has no other Task than the one of that name.

    Raises:
        ConflictError: It has.
    """
    others = [task for task in workspace.tasks if not same_name(task, name)]
    if others:
        msg = f"{name} is a task, and the workspace {workspace.name} has one already."
        hint = f"Work on it elsewhere: `pipl work create --task {name}`."
        raise ConflictError(msg, context=f"It is {', '.join(others)}.", hint=hint)


def _paths(environment: VirtualEnvironment, name: str) -> list[Path]:
    """Return the files of a program; on Windows it has a suffix."""
    found = (environment.scripts / f"{name}{suffix}" for suffix in ("", ".exe", "-script.py"))
    return [path for path in found if path.exists()]


def _foreign(environment: VirtualEnvironment, name: str) -> bool:
    return any(not _is_ours(path) for path in _paths(environment, name))


def _is_ours(program: Path) -> bool:
    return _MODULE in program.read_bytes()


def _for_first_line(python: Path) -> str:
    """Return an interpreter as distlib writes it into a program's first lines, unchanged.

    A shell reads it where the path has spaces or is longer than the system allows there.
    """
    from distlib.scripts import enquote_executable

    path = str(python)
    if os.name == "nt":
        return str(enquote_executable(path))
    longest = 512 if sys.platform == "darwin" else 127
    return shlex.quote(path) if " " in path or len(f"#!{path}\n") > longest else path


def _write(environment: VirtualEnvironment, name: str) -> None:
    # The library by which pip and virtualenv write programs, with launchers for Windows.
    from distlib.scripts import ScriptMaker

    maker = ScriptMaker(None, str(environment.scripts))
    maker.executable = _for_first_line(environment.python)
    maker.variants = {""}
    maker.make(f"{name} = {_TARGET}")
