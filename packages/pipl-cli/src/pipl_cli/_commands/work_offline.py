"""`pipl work offline`, `online`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, path_option, workspace_of


@command("offline", "pipl work offline\npipl work offline --undo")
@click.option("--undo", is_flag=True, help="The same as `pipl work online`.")
@path_option("workspace")
def offline(undo: bool, path: Path) -> None:
    """Bring all Assets of the workspace beside it, and use these from now on.

    Work goes on without the server and without the project's asset store; publishing waits until
    the workspace is online again. Doing it again changes nothing.
    """
    from pipl_core.offline import go_offline

    if undo:
        _go_online(path)
        return
    workspace = workspace_of(path)
    if workspace.offline:
        console.message(f"{workspace.name} is offline already.")
        return
    with console.working("Pulling the Assets") as progress:
        pulled = go_offline(workspace, lambda step: progress(f"Pulling {step}"))
    size = sum(asset["size"] for asset in pulled)
    copied = sum(asset["copied"] for asset in pulled)
    assets = "1 Asset" if len(pulled) == 1 else f"{len(pulled)} Assets"
    verb = "is" if len(pulled) == 1 else "are"
    console.message(f"{assets} with {size} bytes {verb} here; {copied} bytes are new.")
    console.message(f"{workspace.name} is offline. Shells that were open need to be opened again.")


@command("online", "pipl work online")
@path_option("workspace")
def online(path: Path) -> None:
    """Use the project's asset store again, and bring there what was saved meanwhile.

    The Assets beside the workspace stay, so that the next time is quicker.
    """
    _go_online(path)


def _go_online(path: Path) -> None:
    from pipl_core.offline import go_online

    workspace = workspace_of(path)
    if not workspace.offline:
        console.message(f"{workspace.name} is online already.")
        return
    with console.working("Going online") as progress:
        given = go_online(workspace, progress)
    for asset in given:
        console.line(("+ ", "green"), f"{asset['packl']} {asset['name']} {asset['revision']}")
    console.message(f"{workspace.name} is online. Shells that were open need to be opened again.")
    place = workspace.environment.local_assets
    console.message(f"Its own Assets stay at {place}; remove that folder to get the space back.")
