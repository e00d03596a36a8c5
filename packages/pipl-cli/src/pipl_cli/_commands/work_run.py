"""`pipl work shell`, `py`, `run`: programs in the active workspace."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .. import console
from ..options import command, path_option, workspace_of

_PASS_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@command("shell", "pipl work shell\npipl work shell -p workspaces/shot_010_anim --shell zsh")
@click.option("--shell", "name", help="Shell to open; your own where not given.")
@path_option("workspace")
def shell(name: str | None, path: Path) -> None:
    """Open your shell in this terminal, with the workspace active; `exit` leaves it.

    bash, zsh, fish, PowerShell and cmd show the workspace in their prompt; any other shell gets
    its variables. The exit status is that of the shell.
    """
    from .. import _shells
    from .._programs import run

    workspace = workspace_of(path)
    found = _shells.shell_named(name) if name else _shells.own_shell()
    console.message(f"Entering the workspace {workspace.name}; `exit` leaves it.")
    inside = Path.cwd().is_relative_to(workspace.folder)
    with _shells.activated(workspace, found) as (arguments, variables):
        folder = None if inside else workspace.folder
        click.get_current_context().exit(run(arguments, variables, folder))


@command("py", "pipl work py -c 'import sample_anim'", context_settings=_PASS_ON)
@path_option("workspace")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def py(path: Path, arguments: tuple[str, ...]) -> None:
    """Run the workspace's Python, in the current folder; its exit status is ours."""
    from .._programs import run

    workspace = workspace_of(path)
    command_line, variables, _ = workspace.launch(["python", *arguments])
    click.get_current_context().exit(run(command_line, variables))


@command("run", "pipl work run -- shot_010_anim-build --fast", context_settings=_PASS_ON)
@path_option("workspace")
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- CMD...")
def run(path: Path, arguments: tuple[str, ...]) -> None:
    """Run a command in the workspace, in the current folder; its exit status is ours."""
    from .._programs import run as run_program

    workspace = workspace_of(path)
    if os.sep in arguments[0]:
        arguments = (str(Path(arguments[0]).absolute()), *arguments[1:])
    command_line, variables, _ = workspace.launch(arguments)
    click.get_current_context().exit(run_program(command_line, variables))
