"""Makes packls Tasks and Products: edits their code and metadata for a type."""

from __future__ import annotations

import ast
import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomlkit

from pipl_hooks import PacklInfo, normalized_name

from .errors import ConflictError, NotFoundError, PacklError
from .names import same_name
from .packl import Packl
from .requirements import required_name
from .versions import compatible_range

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import Progress

    from .workspace import Workspace

INSTANCES = {"task": "TASK", "product": "PRODUCT"}
"""Name of the instance in a packl's code, by kind."""


@dataclass(frozen=True)
class Made:
    """A packl that is now a Task or a Product.

    Attributes:
        packl: The packl.
        changed: Whether anything had to be changed.
        commands: Programs that its workspace has for it.
    """

    packl: Packl
    changed: bool
    commands: tuple[str, ...]


def make(
    workspace: Workspace,
    kind: str,
    name: str,
    type_name: str,
    entity: Mapping[str, str] | None = None,
    progress: Progress = lambda _: None,
    *,
    shadow: bool = False,
    warn: Progress = lambda _: None,
) -> Made:
    """Make a packl of a workspace a Task or a Product; doing it again changes nothing.

    The packl is made when the workspace has none of that name.

    Args:
        workspace: The workspace, in which the packl of the type is installed.
        kind: `task` or `product`.
        name: Name of the packl.
        type_name: Name of the type.
        entity: What it is about in the story.
        progress: Called with each step.
        shadow: Let a new packl take the name even where something else has it.
        warn: Called with what could not be checked of the name.

    Raises:
        ConflictError: The workspace has another Task, the packl another type, or something else
            the name of a new packl.
        CoreError: No packl in the workspace gives the type.
    """
    packl = next((p for p in workspace.packls if same_name(p.name, name)), None)
    _check(workspace, kind, name, type_name, packl)
    described = workspace.environment.ask("describe", kind, type_name)
    with contextlib.ExitStack() as undoing:
        if packl is None:
            progress(f"Making the packl {name}")
            summary = f"A {kind} of the type {type_name}"
            packl = Packl.create(
                *(workspace, name),
                kind=kind,
                summary=summary,
                install=False,
                shadow=shadow,
                warn=warn,
            )
            # Half a task is worse than none; what was there before stays as it is.
            undoing.callback(shutil.rmtree, packl.folder, ignore_errors=True)
        made = _typed(workspace, packl, kind, type_name, entity, described, progress)
        undoing.pop_all()
    return made


def _typed(
    workspace: Workspace,
    packl: Packl,
    kind: str,
    type_name: str,
    entity: Mapping[str, str] | None,
    described: Mapping[str, Any],
    progress: Progress,
) -> Made:
    wanted = PacklInfo(kind, type_name, dict(entity or packl.info.entity))
    code = packl.folder / "src" / packl.module / "__init__.py"
    files = {
        packl.data_folder / "packl.toml": packl.info_text(wanted),
        code: with_instance(_code_in(code), INSTANCES[kind], described["target"]),
    }
    before = len(packl.history)
    with packl.editing(f"create_{kind}", f"{kind} of the type {type_name}", files) as document:
        add_type(document["project"], packl.module, kind, described)
    changed = len(packl.history) != before
    commands = tuple(f"{packl.module}-{c['name']}" for c in described["commands"])
    # An earlier try may have failed at the installation, after it had edited the packl.
    if changed or not _is_installed(workspace, packl, commands):
        progress(f"Installing {packl.name}")
        workspace.install_edited()
    return Made(packl, changed, commands)


def _is_installed(workspace: Workspace, packl: Packl, commands: tuple[str, ...]) -> bool:
    scripts = str(workspace.environment.scripts)
    there = normalized_name(packl.name) in workspace.installed()
    return there and all(shutil.which(command, path=scripts) for command in commands)


def task_of(workspace: Workspace) -> Packl:
    """Return the packl of a workspace that is its Task.

    Raises:
        NotFoundError: It has none.
    """
    for packl in workspace.packls:
        if packl.info.kind == "task":
            return packl
    msg = f"The workspace {workspace.name} has no task."
    raise NotFoundError(msg, hint="Make one: `create_task NAME TYPE`.")


def _check(
    workspace: Workspace,
    kind: str,
    name: str,
    type_name: str,
    packl: Packl | None,
) -> None:
    if kind == "task":
        for other in workspace.tasks:
            if not same_name(other, name):
                msg = f"The workspace {workspace.name} has a task already: {other}."
                hint = "There is one task per workspace: make another with `pipl work create NAME`."
                raise ConflictError(msg, hint=hint)
    if packl is not None and packl.info.type not in {None, type_name}:
        msg = f"{packl.name} is a {packl.info.kind} of the type {packl.info.type!r} already."
        raise ConflictError(msg, hint="Make a packl of another name for it.")


def _code_in(path: Path) -> str:
    """Read a packl's code as bytes, so that a person's own line endings survive."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read."
        raise PacklError(msg, context=str(error), hint="Restore it, as UTF-8.") from error


def with_instance(code: str, instance: str, target: str) -> str:
    """Return a packl's code with its instance; what a person wrote there stays as it is."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError) as error:
        msg = "The packl's code is not valid Python."
        raise PacklError(msg, context=str(error), hint="Correct it by hand.") from error
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        if any(isinstance(name, ast.Name) and name.id == instance for name in targets):
            return code
    module, _, cls = target.partition(":")
    added = f"\n\nfrom {module} import {cls}\n\n{instance} = {cls}(__name__)\n"
    return code.rstrip() + (added.replace("\n", "\r\n") if "\r\n" in code else added)


def add_type(project: Any, module: str, kind: str, described: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Give a table `[project]` what a Task or Product of a type needs.

    Args:
        project: The table.
        module: Import name of the packl.
        kind: `task` or `product`.
        described: What the type needs, as `python -m pipl_pipe describe` answers.
    """
    instance = f"{module}:{INSTANCES[kind]}"
    type_packl = described["type_packl"]
    dependencies = project.setdefault("dependencies", tomlkit.array())
    if not any(same_name(required_name(entry), type_packl) for entry in dependencies):
        dependencies.append(f"{type_packl}{compatible_range(described['type_version'])}")
    groups = project.setdefault("entry-points", tomlkit.table(is_super_table=True))
    groups.setdefault(f"pipl_pipe.{kind}", tomlkit.table())[module] = instance
    assets = groups.setdefault("pipl_pipe.asset", tomlkit.table()) if described["assets"] else {}
    for asset in described["assets"]:
        assets[f"{module}.{asset}"] = f"{instance}.{asset}"
    if not described["commands"]:
        return
    new = "scripts" not in project
    scripts = project.setdefault("scripts", tomlkit.table())
    for command in described["commands"]:
        scripts[f"{module}-{command['name']}"] = f"{instance}.{command['program']}"
    if new:
        scripts.add(tomlkit.nl())
