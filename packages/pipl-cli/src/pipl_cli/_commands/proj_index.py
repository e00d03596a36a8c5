"""`pipl proj index`: list-indexes, create-default, create-sub, list."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from .._acting import acting
from ..options import as_of_option, command, json_option, moment_of, path_option, project_of

if TYPE_CHECKING:
    from datetime import datetime

    from pipl_core import Project
    from pipl_core.index import IndexClient


@command("list-indexes", "pipl proj index list-indexes --json")
@json_option
@path_option()
def list_indexes(as_json: bool, path: Path) -> None:
    """List the indexes of the project's server."""
    project = project_of(path)
    with contextlib.closing(project.client()) as client:
        indexes = client.indexes()
    if as_json:
        console.json_data(indexes)
        return
    rows = [
        (
            index.name,
            index.type,
            ", ".join(index.bases) or "-",
            "volatile" if index.volatile else "-",
            ", ".join(index.acl_upload) or "-",
        )
        for index in indexes
    ]
    console.table(("INDEX", "TYPE", "BASES", "VOLATILE", "WHO UPLOADS"), rows)


@command("create-default", "pipl proj index create-default")
@click.argument("root_password", required=False)
@path_option()
def create_default(root_password: str | None, path: Path) -> None:
    """Make root/PROJ, the index of released packls; nothing changes where it stands.

    Log in as root first, or give root's password, which shows it to whoever looks at this
    machine's processes.
    """
    from pipl_core import RELEASE_INDEX
    from pipl_core.setup import create_default_index

    project = project_of(path)
    with acting(project, root_password) as client:
        made = create_default_index(client)
    console.message(f"{'Made' if made else 'There is already'} the index {RELEASE_INDEX}.")


@command(
    "create-sub", "pipl proj index create-sub fx\npipl proj index create-sub bob/fx --volatile"
)
@click.argument("name")
@click.option("--bases", multiple=True, metavar="INDEX", help="What it inherits from; root/PROJ.")
@click.option(
    "--volatile/--no-volatile",
    default=True,
    show_default=True,
    help="Whether releases in it may be replaced.",
)
@path_option()
def create_sub(name: str, bases: tuple[str, ...], volatile: bool, path: Path) -> None:
    """Make an index that inherits from others.

    NAME alone makes an index of whoever is logged in; root makes one for somebody else with
    USER/NAME. Only root makes indexes, unless the server allows it to others.
    """
    from pipl_core import RELEASE_INDEX

    project = project_of(path)
    inherited = [base for text in bases for base in text.split(",")] or [RELEASE_INDEX]
    with acting(project, None) as client:
        index = name if "/" in name else f"{client.user}/{name}"
        for base in inherited:
            client.index(base)
        owner = index.partition("/")[0]
        client.add_index(
            index, type="stage", bases=inherited, volatile=volatile, acl_upload=[owner]
        )
    console.message(f"Made the index {index}.")
    console.data(f"{project.address}/{index}")


@command("list", "pipl proj index list\npipl proj index list root/submitted --at 2026-03-01 --json")
@click.argument("index", required=False)
@as_of_option
@json_option
@path_option()
def list_packls(index: str | None, at: str | None, as_json: bool, path: Path) -> None:
    """List the packls in an index and their versions; root/PROJ where none is named."""
    from pipl_core import RELEASE_INDEX, CoreError

    project, moment = project_of(path), moment_of(at)
    name = index or RELEASE_INDEX
    with contextlib.closing(project.client()) as client:
        if client.index(name).type == "mirror":
            msg = f"{name} is a mirror; what it mirrors is not listed."
            raise CoreError(msg, hint="`pipl proj index list-indexes` shows the others.")
        found = _now(client, name) if moment is None else _then(project, name, moment)
    if as_json:
        console.json_data([{"name": packl, "versions": found[packl]} for packl in found])
        return
    rows = [(packl, ", ".join(versions) or "-") for packl, versions in found.items()]
    console.table(("PACKL", "VERSIONS"), rows, f"There is nothing in {name}.")


def _now(client: IndexClient, index: str) -> dict[str, list[str]]:
    from packaging.version import Version

    return {
        packl: sorted({r.version for r in client.releases(index, packl)}, key=Version)
        for packl in client.packls(index)
    }


def _then(project: Project, index: str, moment: datetime) -> dict[str, list[str]]:
    from pipl_core.catalogue import catalogue_of
    from pipl_core.releases import as_of

    found: dict[str, dict[str, None]] = {}
    with contextlib.closing(catalogue_of(project)) as catalogue:
        there = [record for record in catalogue.releases() if record.index == index]
    for record in as_of(there, moment):
        found.setdefault(record.name, {})[record.version] = None
    return {packl: list(versions) for packl, versions in found.items()}
