"""`pipl plugins providers`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from ..options import command, json_option, path_option, project_of


@command(
    "providers",
    "pipl plugins providers pipl_pipe.services tracker\n"
    "pipl plugins providers pipl_pipe.task_type anim --json",
)
@click.argument("group")
@click.argument("name")
@json_option
@path_option()
def providers(group: str, name: str, as_json: bool, path: Path) -> None:
    """Name the released packls that declare an entry point: a service, a type, a config.

    GROUP is the group of entry points, such as pipl_pipe.services, pipl_pipe.asset_type,
    pipl_pipe.product_type or pipl_pipe.task_type, and NAME what it would give.
    """
    from pipl_core.providers import providers as found_in

    found = found_in(project_of(path), group, name)
    if as_json:
        console.json_data(found)
        return
    rows = [(each.name, each.version) for each in found]
    console.table(("PACKL", "VERSION"), rows, f"No released packl declares {name!r} in {group}.")
