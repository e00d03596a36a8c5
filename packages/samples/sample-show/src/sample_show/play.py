"""Plays the sample show: every task is made, built, published and released, by itself.

What a studio's people do over weeks by the same calls: a task begins when the Products that it
needs have been released.
"""

from __future__ import annotations

import subprocess
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipl_ci import CiError, follow
from pipl_core import CoreError, Project, Workspace, plan_publish
from pipl_core.show import (
    PlannedTask,
    Recipe,
    import_task,
    plan_tasks,
    read_edit,
    released_products,
)
from pipl_core.tasks import task_of
from pipl_hooks import normalized_name

from . import EDIT, RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import Progress

AT_ONCE = 4
"""Tasks under way; most of each one's time is spent waiting for handlers."""

REVIEW = "review"
FINAL_TYPE = "comp"


def play(project: Project, contact_sheet: Path, progress: Progress = lambda _: None) -> list[str]:
    """Play the show to its contact sheet; what has been released already is left as it is.

    Args:
        project: The project; its server and handlers run, and an artist is logged in.
        contact_sheet: PNG to write.
        progress: Called with each step.

    Returns:
        The Products, in the order of their release.

    Raises:
        CiError: A task failed in a stage.
        CoreError: A task could not be made, built or published.
    """
    recipe = Recipe.read(RECIPE)
    planned = plan_tasks(read_edit(EDIT, recipe.fps), recipe)
    released = dict(released_products(project))
    waiting = [task for task in planned if normalized_name(task.product) not in released]
    progress(f"{len(planned)} tasks, of which {len(waiting)} are to be done")
    done: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way: dict[Future[str], PlannedTask] = {}
        while waiting or under_way:
            for task in [t for t in waiting if _ready(t, released)]:
                waiting.remove(task)
                under_way[pool.submit(play_task, project, task, released, progress)] = task
            if not under_way:
                names = ", ".join(task.name for task in waiting)
                msg = f"Nothing makes what these tasks need: {names}."
                raise CoreError(msg, hint="Correct the recipe.")
            ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                task = under_way.pop(future)
                released[normalized_name(task.product)] = future.result()
                done.append(task.product)
    finals = [task.product for task in planned if task.type == FINAL_TYPE]
    if done or not contact_sheet.exists():
        write_contact_sheet(project, finals, contact_sheet, progress)
    return done


def play_task(
    project: Project, task: PlannedTask, released: dict[str, str], progress: Progress
) -> str:
    """Make one task, build it, publish it and wait for its release, and return its version."""
    imported = import_task(project, task, released, progress)
    workspace = imported.workspace
    if workspace is None:
        msg = f"{task.name} cannot begin: {', '.join(imported.waits_for)} is not released."
        raise CoreError(msg)
    packl = task_of(workspace)
    if packl.version == "0.1.0":
        packl.bump("major", "the first version that others build on")
    _run(workspace, [f"{packl.module}-build"], progress)
    since = datetime.now(UTC).isoformat(timespec="milliseconds")
    publication = plan_publish(packl, workspace).execute(
        lambda message: progress(f"{task.name}: {message}")
    )
    run = follow(
        project,
        publication.name,
        publication.version,
        lambda message: progress(f"{task.name}: {message}"),
        digest=publication.digest,
        since=since,
    )
    if run.state != "passed":
        msg = f"{task.name} {publication.version} failed in {run.stage}: {run.summary}"
        raise CiError(msg, context=f"Its log: {run.log}", hint=f"`pipl ci logs {run.id}` shows it.")
    return publication.version


def write_contact_sheet(
    project: Project, products: list[str], target: Path, progress: Progress
) -> None:
    """Write a contact sheet of released Products, in a workspace that holds nothing else."""
    folder = project.workarea / REVIEW
    if folder.exists():
        workspace = Workspace(folder)
        workspace.install(products)
    else:
        wanted = ["sample-comp", *products]
        workspace = Workspace.create(project, REVIEW, requirements=wanted, progress=progress)
    _run(workspace, ["sample-contact-sheet", str(target)], progress)


def _ready(task: PlannedTask, released: dict[str, str]) -> bool:
    return all(normalized_name(name) in released for name in task.needs)


def _run(workspace: Workspace, command: list[str], progress: Progress) -> None:
    arguments, variables, folder = workspace.launch(command)
    progress(f"{workspace.name}: {' '.join(command)}")
    done = subprocess.run(
        arguments, env=variables, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        msg = f"{command[0]} failed in the workspace {workspace.name}."
        context = (done.stderr or done.stdout).strip()[-2000:]
        raise CoreError(
            msg, context=context, hint=f"Try it: pipl work run -p {folder} -- {command[0]}"
        )
