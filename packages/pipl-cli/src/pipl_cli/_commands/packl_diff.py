"""`pipl packl diff`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import console
from ..options import command, json_option, packl_of, path_option, project_of

if TYPE_CHECKING:
    from pipl_core.differences import Change, Differences

_EXAMPLE = """
pipl packl diff hero_rig 1.0 1.1
pipl packl diff hero_rig==1.0 hero_rig==1.1 --json
pipl packl diff hero_rig 1.0
pipl packl diff
"""


@command("diff", _EXAMPLE)
@click.argument("releases", nargs=-1, metavar="[NAME] [VERSION] [VERSION]")
@json_option
@path_option("project, packl or workspace")
def diff(releases: tuple[str, ...], as_json: bool, path: Path) -> None:
    """Show what changed between two releases of a packl.

    With one version, or none for the newest, it is compared with the packl in edition. Shown are
    metadata, dependencies, lock, Assets, code and the managed edits in between.
    """
    from pipl_core.catalogue import catalogue_of
    from pipl_core.differences import compare_releases, compare_with_edition

    name, versions = _read(releases)
    if name is not None and len(versions) == 2:  # noqa: PLR2004  from one to the other
        project = project_of(path)
        with contextlib.closing(catalogue_of(project)) as catalogue:
            found = compare_releases(project, catalogue, name, *versions)
    else:
        packl, workspace = packl_of(path, name)
        project = workspace.project
        with contextlib.closing(catalogue_of(project)) as catalogue:
            found = compare_with_edition(project, catalogue, packl, *versions)
    if as_json:
        console.json_data(found)
    else:
        _show(found)


def _read(words: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """Return the name and the versions that `NAME 1.0 1.1` or `NAME==1.0 NAME==1.1` means."""
    from pipl_hooks import normalized_name

    pairs = [word.partition("==") for word in words]
    if any(sign for _, sign, _ in pairs):
        names = {normalized_name(name) for name, _, _ in pairs}
        if len(names) != 1 or not all(name and version for name, _, version in pairs):
            msg = "Name two releases of one packl: NAME==1.0 NAME==1.1."
            raise click.UsageError(msg)
        versions = [version for _, _, version in pairs]
    else:
        versions = list(words[1:])
    if len(versions) > 2:  # noqa: PLR2004
        msg = "Name two versions at most."
        raise click.UsageError(msg)
    return (pairs[0][0] if pairs else None), versions


def _show(found: Differences) -> None:
    console.data(f"{found.name} {found.before} -> {found.after}")
    _list("metadata", found.metadata)
    _list("depends on", found.requirements)
    _list("lock", found.lock)
    _list("Assets", found.assets, _asset)
    (files, more), (size, bigger) = found.code_files, found.code_size
    sizes = f"{_files(files)}, {size} bytes -> {_files(more)}, {bigger} bytes"
    _list(f"code: {sizes}", found.code, _bytes)
    if found.history:
        console.data("history")
    for edit in found.history:
        comment = f"  {edit.comment}" if edit.comment else ""
        console.data(f"  {edit.time}  {edit.user}  {edit.action}{comment}")
    parts = (found.metadata, found.requirements, found.lock, found.assets, found.code)
    if not any(parts):
        console.message("Nothing differs.")


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _list(title: str, changes: Iterable[Change], written: Callable[[Any], str] = str) -> None:
    """Print what is new, gone and changed under a title; nothing where there is none."""
    lines = []
    for change in changes:
        if change.before is None:
            line = f"  + {change.what} {written(change.after)}"
        elif change.after is None:
            line = f"  - {change.what} {written(change.before)}"
        else:
            line = f"  ~ {change.what} {written(change.before)} -> {written(change.after)}"
        lines.append(line.rstrip())
    for line in [title, *lines] if lines else ():
        console.data(line)


def _asset(reference: Any) -> str:  # noqa: ANN401  an AssetReference
    return f"({reference.type}, {reference.revision}, {reference.size} bytes)"


def _bytes(size: int) -> str:
    return f"({size} bytes)"
