"""`pipl proj start`, `stop`, `status`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, json_option, path_option, project_of


@command("start", "pipl proj start\npipl proj start --detach")
@click.option("--detach", is_flag=True, help="Run in the background, and return once it serves.")
@click.option("--no-handlers", is_flag=True, help="Leave the handlers to another machine.")
@path_option()
def start(detach: bool, no_handlers: bool, path: Path) -> None:
    """Start the project's server, and the handlers beside it.

    In the foreground Ctrl-C stops it. Starting one in the background that runs changes nothing.
    """
    project = project_of(path)
    if detach:
        ran = project.server.status().state == "running"
        with console.working(f"Starting the server of {project.name}"):
            status = project.server.start_detached(handlers=not no_handlers)
        console.message(f"Serving {project.name} at {status.address}. Stop: `pipl proj stop`.")
        if not no_handlers and ran:
            console.message("It ran already; `pipl proj status` tells whether its handlers do.")
        return
    from pipl_core.supervisor import serve

    # Plain lines: a server's output outlives any status line.
    serve(project, console.message, handlers=not no_handlers)
    console.message("Stopped.")


@command("stop", "pipl proj stop -p /shows/MyProject")
@path_option()
def stop(path: Path) -> None:
    """Stop the project's server and what runs beside it."""
    project = project_of(path)
    with console.working(f"Stopping the server of {project.name}"):
        ran = project.server.stop()
    console.message(f"{project.name} {'is stopped' if ran else 'did not run'}.")


@command("status", "pipl proj status && echo it runs")
@json_option
@path_option()
def status(as_json: bool, path: Path) -> None:
    """Tell whether the project's server is running, starting, stopped or crashed.

    The exit status is 0 when it is running, and 1 otherwise.
    """
    from pipl_ci import handlers_run

    project = project_of(path)
    found = project.server.status()
    handlers = found.state == "running" and handlers_run(project)
    if as_json:
        console.json_data(
            {
                "project": project.name,
                "folder": project.folder,
                "state": found.state,
                "address": found.address,
                "pid": found.pid,
                "log": found.log,
                "handlers": handlers,
            }
        )
    else:
        process = f" (process {found.pid})" if found.pid else ""
        console.data(f"{project.name} is {found.state} at {found.address}{process}")
        if found.state == "crashed":
            console.message(f"It ended without being told to. Its log: {found.log}")
        elif found.state == "running" and not handlers:
            console.message("No handlers run for it, so nothing that is published moves on.")
            console.message("Start them: `pipl ci start`, or stop the server and start it again.")
        if found.state in {"stopped", "crashed"}:
            console.message("Start it: `pipl proj start`, or `pipl proj start --detach`.")
    if found.state != "running":
        click.get_current_context().exit(1)
