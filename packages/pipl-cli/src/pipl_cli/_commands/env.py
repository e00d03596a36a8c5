"""`pipl env show`, `export`, `explain`: what an environment is, and why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from .._requested import requested, requested_at_option
from ..options import command, json_option, path_option, workspace_of

if TYPE_CHECKING:
    from pipl_hooks import Environment, ToolState, Variable

_DOES = {"set": "set", "prepend": "put in front", "append": "put behind"}


@command("show", "pipl env show --json\npipl env show 'maya-env>=2' --at 2026-03-01")
@click.argument("requirements", nargs=-1, metavar="[REQUIREMENT]...")
@requested_at_option
@json_option
@path_option("project or workspace")
def show(requirements: tuple[str, ...], at: str | None, as_json: bool, path: Path) -> None:
    """Show what activating the workspace does, and the packl behind each line.

    With requirements, show the environment that `pipl env run` makes for them. Lines of `pipl` are
    its own, whatever is installed. A tool's indented lines hold for its commands alone.
    """
    from .._environment_lines import environment_lines

    environment, where = requested(requirements, path, at=at)
    whole = environment.whole
    if as_json:
        console.json_data(whole)
        return
    for line in environment_lines(whole):
        console.data(line)
    if not environment.settings.variables and not whole.aliases and not whole.tools:
        console.message(f"No EnvSet in {where} sets anything.")


@command(
    "export",
    'eval "$(pipl env export)"\n'
    "pipl env export --format json\n"
    "pipl env export 'maya-env>=2' > maya.sh",
)
@click.argument("requirements", nargs=-1, metavar="[REQUIREMENT]...")
@click.option(
    "--format",
    "format_",
    default="bash",
    show_default=True,
    help="bash, zsh, fish, powershell, cmd, json, or one that a packl gives.",
)
@requested_at_option
@path_option("project or workspace")
def export(requirements: tuple[str, ...], format_: str, at: str | None, path: Path) -> None:
    """Print a script that does what activating the workspace does, for a shell to read.

    With requirements, what the environment does that `pipl env run` makes for them. It cannot be
    undone as activating can. With `json`, print the values that a process gets.
    """
    environment, _ = requested(requirements, path, at=at)
    click.echo(environment.script(format_), nl=False)


@command("explain", "pipl env explain PATH\npipl env explain blender")
@click.argument("name")
@json_option
@path_option("workspace")
def explain(name: str, as_json: bool, path: Path) -> None:
    """Tell how a variable comes to be, step by step; or what became of an alias or a tool."""
    from pipl_core import NotFoundError

    workspace = workspace_of(path)
    workspace.environment.check()
    whole = workspace.environment.whole
    versions = workspace.installed()
    if name in whole.variables:
        _explain_variable(name, whole.variables[name], versions, as_json)
    elif name in whole.aliases:
        _explain_alias(name, whole, as_json)
    elif _tool_of(name, whole) is not None:
        tool = _tool_of(name, whole)
        assert tool is not None  # noqa: S101  as just asked
        _explain_tool(tool, whole.tools[tool], versions, as_json)
    else:
        msg = f"Nothing in the workspace {workspace.name} says anything about {name}."
        outside = os.environ.get(name)
        context = None if outside is None else f"It comes from outside: {outside}"
        raise NotFoundError(msg, context=context, hint="`pipl env show` lists what there is.")


def _explain_variable(
    name: str, variable: Variable, versions: dict[str, str], as_json: bool
) -> None:
    from pipl_hooks import Variable

    outside = os.environ.get(name)
    shown = outside if outside is not None else "(not set)"
    rows = [("0", "comes from outside", "-", shown)]
    steps = []
    for number, step in enumerate(variable.steps, start=1):
        packl = _with_version(step.packl, versions)
        value = Variable(variable.steps[:number]).applied_to(outside)
        steps.append({**vars(step), "packl": packl, "then": value})
        source = f"{packl}, from {step.origin}" if step.origin else packl
        rows.append((str(number), _DOES[step.action], source, step.value))
    value = variable.applied_to(outside)
    if as_json:
        data = {"name": name, "outside": outside, "steps": steps, "value": value}
        console.json_data(data)
        return
    console.table(("STEP", "DOES", "PACKL", "VALUE"), rows)
    console.data(f"{name}={value}")


def _explain_alias(name: str, whole: Environment, as_json: bool) -> None:
    alias = whole.aliases[name]
    if as_json:
        console.json_data({"name": name, **vars(alias)})
        return
    console.data(f"{name} is an alias of {alias.packl}: {alias.command}")


def _tool_of(name: str, whole: Environment) -> str | None:
    """Return the tool of that name, or that has a command of that name."""
    if name in whole.tools:
        return name
    return next((key for key, tool in whole.tools.items() if name in tool.commands), None)


def _explain_tool(name: str, tool: ToolState, versions: dict[str, str], as_json: bool) -> None:
    from pipl_hooks import Environment

    from .._environment_lines import environment_lines

    if as_json:
        console.json_data({"name": name, **vars(tool)})
        return
    console.data(f"{name} is a tool of {_with_version(tool.packl, versions)}.")
    if tool.requirement:
        console.data(f"Versions that fit: {tool.requirement}")
    if tool.problem:
        console.data(tool.problem)
    for line in environment_lines(Environment(tools={name: tool})):
        console.data(line)


def _with_version(packl: str, versions: dict[str, str]) -> str:
    from pipl_hooks import normalized_name

    return f"{packl} {versions.get(normalized_name(packl), '')}".strip()
