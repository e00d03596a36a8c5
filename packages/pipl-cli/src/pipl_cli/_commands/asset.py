"""`pipl asset list`, `pull`, `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, path_option, workspace_of

if TYPE_CHECKING:
    from pipl_core import Workspace


@command("list", "pipl asset list --json")
@json_option
@path_option("workspace")
def list_assets(as_json: bool, path: Path) -> None:
    """List the Assets of all products in the workspace."""
    from pipl_hooks import Frames

    assets = workspace_of(path).environment.ask("assets")
    if as_json:
        console.json_data(assets)
        return
    rows = [
        (
            asset["packl"],
            asset["name"],
            asset["type"],
            asset["revision"],
            str(asset["files"]),
            asset.get("frames") or "-",
            str(asset["size"]),
            asset["digest"].partition(":")[2][:12],
        )
        for asset in assets
    ]
    header = ("PACKL", "ASSET", "TYPE", "REVISION", "FILES", "FRAMES", "BYTES", "DIGEST")
    console.table(header, rows, "No packl here has Assets.")
    for asset in assets:
        missing = Frames.parse(asset["frames"]).missing if asset.get("frames") else ""
        if missing:
            console.warn(f"{asset['packl']} {asset['name']} lacks the frames {missing}.")


@command("pull", "pipl asset pull\npipl asset pull shot_010_anim_usd --json")
@click.argument("packls", nargs=-1, metavar="[PACKL]...")
@json_option
@path_option("workspace")
def pull(packls: tuple[str, ...], as_json: bool, path: Path) -> None:
    """Bring the Assets of some packls, or of all, beside the workspace, into its folder assets/.

    They are copies, compared with their digests; what is there already is not copied again.
    """
    from pipl_core.offline import pull as pull_assets

    workspace = workspace_of(path)
    with console.working("Pulling the Assets") as progress:
        found = pull_assets(workspace, packls, lambda step: progress(f"Pulling {step}"))
    if as_json:
        console.json_data(found)
        return
    rows = [
        (a["packl"], a["name"], a["revision"], str(a["size"]), str(a["copied"]), a["path"])
        for a in found
    ]
    header = ("PACKL", "ASSET", "REVISION", "BYTES", "COPIED", "PATH")
    console.table(header, rows, "No packl here has Assets.")


@command("verify", "pipl asset verify\npipl asset verify shot_010_anim_usd --json")
@click.argument("packl", required=False)
@json_option
@path_option("workspace")
def verify(packl: str | None, as_json: bool, path: Path) -> None:
    """Read all bytes of the Assets of one packl, or of all, and report what is missing or damaged.

    The exit status is 1 when anything is.
    """
    workspace = workspace_of(path)
    if packl:
        _check_installed(workspace, packl)
    environment = workspace.environment
    names = [packl] if packl else sorted({asset["packl"] for asset in environment.ask("assets")})
    found: dict[str, list[str]] = {}
    with console.working("Reading the Assets") as progress:
        for name in names:
            progress(f"Reading the Assets of {name}")
            found[name] = environment.ask("verify", name)
    damaged = {name: problems for name, problems in found.items() if problems}
    if as_json:
        console.json_data(found)
    else:
        for name, problems in damaged.items():
            for problem in problems:
                console.data(f"{name}: {problem}")
        console.message(f"{len(found) - len(damaged)} of {len(found)} packls are whole.")
    if damaged:
        click.get_current_context().exit(1)


def _check_installed(workspace: Workspace, name: str) -> None:
    from pipl_core import NotFoundError
    from pipl_hooks import normalized_name

    if normalized_name(name) not in workspace.installed():
        msg = f"The workspace {workspace.name} has no packl {name!r}."
        raise NotFoundError(msg, hint=f"Install it: `pipl work install {name}`.")
