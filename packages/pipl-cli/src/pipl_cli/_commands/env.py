"""`pipl env show`."""

from __future__ import annotations

from pathlib import Path

from .. import console
from ..options import command, json_option, path_option, workspace_of


@command("show", "pipl env show --json")
@json_option
@path_option("workspace")
def show(as_json: bool, path: Path) -> None:
    """Show what the EnvSets of the workspace set, and the packls behind each line."""
    workspace = workspace_of(path)
    workspace.environment.check()
    settings = workspace.environment.settings
    if as_json:
        console.json_data(settings)
        return
    for name, variable in sorted(settings.variables.items()):
        source = f"  # {', '.join(variable.packls)}"
        for entry in variable.before:
            console.data(f"{name}: before {entry}{source}")
        if variable.value is not None:
            console.data(f"{name}={variable.value}{source}")
        for entry in variable.after:
            console.data(f"{name}: after {entry}{source}")
    for name, value in sorted(settings.aliases.items()):
        console.data(f"alias {name}={value}")
    if not settings.variables and not settings.aliases:
        console.message(f"No EnvSet in the workspace {workspace.name} sets anything.")
