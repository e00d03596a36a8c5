"""`pipl show import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, path_option, project_of

if TYPE_CHECKING:
    from pipl_core.show import ImportedTask, PlannedTask


@command(
    "import",
    "pipl show import edit.edl --recipe recipe.toml --dry-run\n"
    "pipl show import edit.edl --recipe recipe.toml",
)
@click.argument("edit", type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    required=True,
    help="What is made for each asset and shot, and from what (TOML).",
)
@click.option("--dry-run", is_flag=True, help="Only show the tasks that the edit needs.")
@json_option
@path_option()
def import_edit(edit: Path, recipe: Path, dry_run: bool, as_json: bool, path: Path) -> None:
    """Make the tasks of an edit: a workspace each, where the Products it needs are released.

    The edit is anything that OpenTimelineIO reads, such as a CMX3600 EDL. Called again, it makes
    the tasks that have become possible meanwhile.
    """
    from pipl_core.show import Recipe, import_tasks, plan_tasks, read_edit

    read = Recipe.read(recipe)
    planned = plan_tasks(read_edit(edit, read.fps), read)
    if dry_run:
        _print_plan(planned, as_json=as_json)
        return
    project = project_of(path)
    with console.working("Importing the edit") as progress:
        imported = import_tasks(project, planned, progress)
    _print_imported(imported, as_json=as_json)


def _print_plan(planned: list[PlannedTask], *, as_json: bool) -> None:
    if as_json:
        console.json_data(planned)
        return
    rows = [(task.name, task.type, " ".join(task.needs) or "-") for task in planned]
    console.table(("task", "type", "is made from"), rows)
    console.message(f"{len(planned)} task(s)")


def _print_imported(imported: list[ImportedTask], *, as_json: bool) -> None:
    if as_json:
        console.json_data(
            [
                {
                    "name": found.task.name,
                    "type": found.task.type,
                    "state": found.state,
                    "workspace": found.workspace.folder if found.workspace else None,
                    "waits_for": found.waits_for,
                }
                for found in imported
            ]
        )
        return
    rows = [
        (found.task.name, found.task.type, found.state, " ".join(found.waits_for) or "-")
        for found in imported
    ]
    console.table(("task", "type", "state", "waits for"), rows)
    waiting = sum(found.state == "waits" for found in imported)
    if waiting:
        console.message(
            f"{waiting} task(s) wait for Products; import again when these are released."
        )
