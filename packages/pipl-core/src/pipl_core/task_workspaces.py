"""Workspaces of tasks that were released: with what is newest, or exactly as they were locked."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from .environments import interpreter_version
from .errors import CoreError, PacklError
from .lock_files import locked_python, unavailable
from .locks import LOCK_NAME, usable_lock
from .released import released_packl
from .workspace import Workspace

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .project import Project
    from .released import ReleasedPackl


def create_for_task(  # noqa: PLR0913  what `Workspace.create` takes, and the lock
    project: Project,
    task: Requirement,
    name: str | None = None,
    *,
    locked: bool = False,
    area: Path | None = None,
    python: str | None = None,
    requirements: Sequence[str] = (),
    at: str | None = None,
    progress: Progress = lambda _: None,
) -> Workspace:
    """Make a workspace for a task that was released; when something fails, nothing is left of it.

    Args:
        project: Its project.
        task: Name of the task, and the versions of which the newest is taken.
        name: Name of the workspace; that of the task where None.
        locked: Make the environment that the task's lock names, instead of the newest that fits.
        area: Workarea; the project's default one where None.
        python: Interpreter: a path, or a version; that of the lock where None and locked.
        requirements: What it gets beside the task, where it is not locked.
        at: It gets what had been released by then; see `Workspace.create`.
        progress: Called with each step.

    Raises:
        NotFoundError: Nothing that fits has been released.
        PacklError: It is no task, or has no lock.
        CoreError: What the lock names can no longer be had; the context says what, and why.
    """
    progress(f"Fetching {task}")
    with released_packl(project, task, at=at) as packl:
        if packl.info.kind != "task":
            msg = f"{packl.name} {packl.version} is no task."
            hint = f"Make a workspace with it: `pipl work create NAME {packl.name}`."
            raise PacklError(msg, context=f"Its kind is {packl.info.kind}.", hint=hint)
        lock = None
        if locked:
            lock = _lock_of(packl)
            python = python or locked_python(lock)
            progress("Looking for the files of its lock")
            _check_available(project, packl, lock, interpreter_version(python))
        wanted = f"{packl.name}=={packl.version}" if locked else str(task)
        return Workspace.create(
            project,
            name or packl.module,
            area=area,
            python=python,
            requirements=[wanted, *requirements],
            at=at,
            lock=lock,
            progress=progress,
        )


def _lock_of(packl: ReleasedPackl) -> str:
    lock = packl.data(LOCK_NAME)
    if lock is None:
        msg = f"{packl.name} {packl.version} has no lock."
        hint = "Leave --locked out, to take the newest versions that fit."
        raise PacklError(msg, context="pipl writes it when a task is published.", hint=hint)
    return lock


def _check_available(
    project: Project, packl: ReleasedPackl, lock: str, python: Sequence[int]
) -> None:
    with tempfile.TemporaryDirectory(prefix="pipl-lock-") as folder:
        missing = unavailable(project, usable_lock(project, lock, Path(folder)), python)
    if missing:
        msg = f"The environment of {packl.name} {packl.version} can no longer be made."
        hint = "Release again what is missing, or leave --locked out, to take what is newest."
        raise CoreError(msg, context="\n".join(missing), hint=hint)
