"""`pipl task create`, `list`, `commands`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from .._making import entity_option, make
from ..options import (
    command,
    json_option,
    path_option,
    project_of,
    shadow_option,
    warn_of_packl,
    warn_of_workspace,
    workspace_of,
)

if TYPE_CHECKING:
    from pipl_core import Packl, Workspace
    from pipl_hooks import PacklInfo


@command("create", "pipl task create shot_010_anim anim -e sequence=sq010 -e shot=sh010")
@click.argument("name")
@click.argument("type_name", metavar="TYPE")
@entity_option
@shadow_option
@path_option("workspace")
def create(name: str, type_name: str, entity: tuple[str, ...], shadow: bool, path: Path) -> None:
    """Make a packl of the workspace a task of a type; the packl is made where there is none.

    There is one task per workspace. Doing it again changes nothing.
    """
    make("task", name, type_name, entity, path, shadow=shadow)


@command("list", "pipl task list --json")
@json_option
@path_option()
def list_tasks(as_json: bool, path: Path) -> None:
    """List the tasks of all workspaces of the project."""
    from pipl_core import workspaces
    from pipl_hooks import PiplError

    found: list[tuple[Workspace, Packl, PacklInfo]] = []
    for workspace in workspaces(project_of(path), warn_of_workspace):
        for packl in workspace.readable_packls(warn_of_packl):
            try:
                info = packl.info
            except PiplError as error:
                warn_of_packl(packl.folder, error)
                continue
            if info.kind == "task":
                found.append((workspace, packl, info))
    if as_json:
        console.json_data(
            [
                {
                    "name": packl.name,
                    "type": info.type,
                    "version": packl.version,
                    "entity": dict(info.entity),
                    "workspace": workspace.name,
                    "folder": packl.folder,
                }
                for workspace, packl, info in found
            ]
        )
        return
    rows = [
        (
            packl.name,
            info.type or "-",
            packl.version,
            " ".join(f"{key}={value}" for key, value in info.entity.items()) or "-",
            workspace.name,
        )
        for workspace, packl, info in found
    ]
    empty = "There are no tasks. Make one in a workspace: `pipl task create NAME TYPE`."
    console.table(("TASK", "TYPE", "VERSION", "ENTITY", "WORKSPACE"), rows, empty)


@command("commands", "pipl task commands\npipl work run -- task-build")
@json_option
@path_option("workspace")
def commands(as_json: bool, path: Path) -> None:
    """List the commands of the workspace's task, with the plain programs that call them, too.

    They are those of the task's type, and those that other packls give, such as editors.
    """
    workspace = workspace_of(path)
    answer = workspace.environment.ask("commands")
    there = workspace.environment.scripts
    found = [
        {
            "command": f"{answer['task']}-{entry['name']}",
            "plain": entry["plain"] if shutil.which(entry["plain"], path=str(there)) else "",
            "packl": entry["packl"],
            "help": entry["help"],
        }
        for entry in answer["commands"]
    ]
    if as_json:
        console.json_data({"task": answer["task"], "commands": found})
        return
    rows = [
        (entry["command"], entry["plain"] or "-", entry["packl"] or "-", entry["help"])
        for entry in found
    ]
    header = ("COMMAND", "PLAIN", "PACKL", "DOES")
    console.table(header, rows, f"The task {answer['task']} has no commands.")
