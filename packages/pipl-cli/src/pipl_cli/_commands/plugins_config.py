"""`pipl plugins config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .. import console
from ..options import command, json_option, path_option, workspace_of


@command("config", "pipl plugins config\npipl plugins config asset_store --json")
@click.argument("name", required=False)
@json_option
@path_option("workspace")
def config(name: str | None, as_json: bool, path: Path) -> None:
    """Show where each value of a workspace's config comes from, or of all its configs.

    The layers are listed in their order, of which a later one wins: defaults of the schema,
    the studio's packls, the project's pipl.toml, the task's packl, plugins.
    """
    workspace = workspace_of(path)
    found = workspace.environment.ask("config", *([name] if name else []))
    if as_json:
        console.json_data(found if name is None else found[0])
    else:
        for number, each in enumerate(found):
            if number:
                console.data("")
            _show(each)
        if not found:
            console.message("Nobody gives any config here.")
    if any(each["problems"] for each in found):
        raise click.exceptions.Exit(1)


def _show(found: Mapping[str, Any]) -> None:
    schema = f", by the schema of {found['schema']}" if found["schema"] else ""
    console.data(f"{found['name']}{schema}")
    rows = [
        (each["layer"], each["source"], key, _text(value), _fate(found, number, key))
        for number, each in enumerate(found["layers"])
        for key, value in (each["values"] or {"-": None}).items()
    ]
    console.table(("LAYER", "FROM", "KEY", "VALUE", ""), rows)
    for problem in found["problems"]:
        console.line(("wrong: ", "red"), problem["message"])
        for line in (problem["context"] or "").splitlines():
            console.line((f"  {line}", "dim"))
        if problem["hint"]:
            console.line(("hint: ", "cyan"), problem["hint"])


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fate(found: Mapping[str, Any], number: int, key: str) -> str:
    later = found["layers"][number + 1 :]
    return "" if any(key in each["values"] for each in later) else "wins"
