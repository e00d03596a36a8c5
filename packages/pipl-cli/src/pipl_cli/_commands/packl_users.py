"""`pipl packl users`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import as_of_option, command, json_option, moment_of, path_option, project_of

if TYPE_CHECKING:
    from pipl_core.dependants import Dependant


@command(
    "users", "pipl packl users char_hero_rig\npipl packl users char_hero_rig --at 2026-03-01 --json"
)
@click.argument("name")
@click.option("--all-versions", is_flag=True, help="Look at old versions, too.")
@as_of_option
@json_option
@path_option()
def users(name: str, all_versions: bool, at: str | None, as_json: bool, path: Path) -> None:
    """List everything in the project that depends on a packl, directly or through others.

    It looks at the newest release of each packl, and at newer ones in the stages before; nothing
    is installed. (*) marks what is shown in full further up.
    """
    from pipl_core.catalogue import catalogue_of
    from pipl_core.dependants import dependants

    project, moment = project_of(path), moment_of(at)
    with contextlib.closing(catalogue_of(project)) as catalogue:
        found = dependants(catalogue, name, all_versions=all_versions, at=moment)
    for record in found.unread:
        console.warn(f"{record.file} in {record.index} cannot be read: {record.problem}")
    if as_json:
        console.json_data({"name": found.name, "newest": found.newest, "users": found.users})
        return
    console.data(f"{found.name} {found.newest or 'from elsewhere'}")
    _show(found.tree, "", found.newest)
    if not found.users:
        console.message(f"Nothing in the project depends on {found.name}.")
    held = sum(not user.takes_newest for user in found.users)
    if held:
        console.message(f"{held} of {len(found.users)} cannot take {found.newest}.")


def _show(nodes: Sequence[Dependant], indent: str, newest: str | None) -> None:
    for node in nodes:
        last = node is nodes[-1]
        notes = [f"[{node.extra}]"] if node.extra else []
        notes += [f"(asks for {node.requirement})"] if node.requirement else []
        notes += [f"where {node.condition}"] if node.condition else []
        notes += [f"in {node.index}"] if node.index != _released() else []
        notes += [f"WITHDRAWN{': ' if node.yanked else ''}{node.yanked}"] * (
            node.yanked is not None
        )
        notes += [f"NOT WITH {newest}"] if not node.takes_newest and not indent else []
        notes += ["(*)"] if node.repeated else []
        branch = "`-- " if last else "|-- "
        console.data(f"{indent}{branch}{' '.join([node.name, node.version, *notes])}")
        _show(node.children, indent + ("    " if last else "|   "), newest)


def _released() -> str:
    from pipl_core import RELEASE_INDEX

    return RELEASE_INDEX
