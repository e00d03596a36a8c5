"""`pipl packl create`, `show`, `log`, `tree`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipl_hooks.packl import KINDS

from .. import console
from ..options import command, json_option, packl_of, path_option, shadow_option, workspace_of

if TYPE_CHECKING:
    from pipl_core.tree import TreeNode


@command(
    "create",
    'pipl packl create studio_farm --summary "How we talk to our farm"\n'
    "pipl packl create studio_naming --hook pipl_product_name",
)
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="code", show_default=True)
@click.option("--summary", default="", help="One line on what it is for.")
@click.option("--hook", help="A hook that it is to answer; it gets a plugin for that.")
@shadow_option
@path_option("workspace")
def create(name: str, kind: str, summary: str, hook: str | None, shadow: bool, path: Path) -> None:
    """Make a packl in the workspace, and install it there in edition."""
    from pipl_core import Packl

    workspace = workspace_of(path)
    with console.working(f"Making the packl {name}"):
        packl = Packl.create(
            *(workspace, name),
            kind=kind,
            summary=summary,
            hook=hook,
            shadow=shadow,
            warn=console.warn,
        )
    console.message(f"Made the packl {packl.name} {packl.version}, installed in edition.")
    if hook:
        plugin = packl.folder / "src" / packl.module / "plugin.py"
        console.message(f"It answers {hook} in {plugin}: write there what you want.")
    console.data(str(packl.folder))


@command("show", "pipl packl show\npipl packl show shot_010_anim --json")
@click.argument("name", required=False)
@json_option
@path_option("packl or workspace")
def show(name: str | None, as_json: bool, path: Path) -> None:
    """Show what a packl is: version, kind, entity, dependencies, Assets."""
    packl, workspace = packl_of(path, name)
    info, metadata = packl.info, packl.metadata
    extras = metadata.get("optional-dependencies", {})
    shown = {
        "name": packl.name,
        "version": packl.version,
        "kind": info.kind,
        "type": info.type,
        "entity": dict(info.entity),
        "summary": metadata.get("description", ""),
        "dependencies": [str(requirement) for requirement in packl.requirements()],
        "extras": {e: [str(r) for r in packl.requirements(e)] for e in extras},
        "assets": list(packl.references.values()),
        "workspace": workspace.name,
        "folder": packl.folder,
    }
    if as_json:
        console.json_data(shown)
        return
    console.data(f"{packl.name} {packl.version}")
    rows = [
        ("summary", str(shown["summary"])),
        ("kind", " ".join(filter(None, [info.kind, info.type]))),
        ("entity", ", ".join(f"{key}={value}" for key, value in info.entity.items())),
        ("depends on", ", ".join(str(r) for r in packl.requirements())),
        *((f"with [{e}]", ", ".join(str(r) for r in packl.requirements(e))) for e in extras),
        ("assets", ", ".join(f"{r.name} ({r.type})" for r in packl.references.values())),
        ("workspace", workspace.name),
        ("folder", str(packl.folder)),
    ]
    for label, value in rows:
        if value:
            console.data(f"  {label:<11} {value}")


@command("log", "pipl packl log\npipl packl log shot_010_anim --json")
@click.argument("name", required=False)
@json_option
@path_option("packl or workspace")
def log(name: str | None, as_json: bool, path: Path) -> None:
    """Show the managed edits of a packl, the newest first."""
    packl, _ = packl_of(path, name)
    edits = packl.history[::-1]
    if as_json:
        console.json_data(edits)
        return
    for edit in edits:
        comment = f"  {edit.comment}" if edit.comment else ""
        console.data(f"{edit.time}  {edit.user}  {edit.action}{comment}")
        for key, change in edit.changes.items():
            for text in _described(key, change["from"], change["to"]):
                console.data(f"    {text}")


@command("tree", "pipl packl tree\npipl packl tree shot_010_anim --json")
@click.argument("name", required=False)
@json_option
@path_option("packl or workspace")
def tree(name: str | None, as_json: bool, path: Path) -> None:
    """Show what a packl depends on in its workspace, as a tree.

    (*) marks what is shown in full further up.
    """
    from pipl_core.tree import dependency_tree

    packl, workspace = packl_of(path, name)
    root = dependency_tree(packl, workspace)
    if as_json:
        console.json_data(root)
        return
    console.data(f"{root.name} {root.version}")
    _show_children(root, "")


def _show_children(node: TreeNode, indent: str) -> None:
    for child in node.children:
        last = child is node.children[-1]
        version = child.version or "not installed"
        asked = f" (asks for {child.requirement})" if child.requirement else ""
        wrong = "" if child.fits or child.version is None else " DOES NOT FIT"
        extra = f" [{child.extra}]" if child.extra else ""
        again = " (*)" if child.repeated else ""
        branch = "`-- " if last else "|-- "
        console.data(f"{indent}{branch}{child.name} {version}{extra}{asked}{wrong}{again}")
        _show_children(child, indent + ("    " if last else "|   "))


def _described(key: str, before: object, after: object) -> list[str]:
    """Say what an edit changed: of lists only what came and went."""
    if isinstance(before, list) or isinstance(after, list):
        old = before if isinstance(before, list) else []
        new = after if isinstance(after, list) else []
        gone = [f"{key}: - {item}" for item in old if item not in new]
        return gone + [f"{key}: + {item}" for item in new if item not in old]
    if isinstance(before, dict) or isinstance(after, dict):
        old_table = before if isinstance(before, dict) else {}
        new_table = after if isinstance(after, dict) else {}
        found = []
        for name in sorted({*old_table, *new_table}):
            one, other = old_table.get(name), new_table.get(name)
            if one != other:
                found += _described(f"{key}.{name}", one, other)
        return found
    if before is None:
        return [f"{key}: {after}"]
    return [f"{key}: {before} -> {after}"]
