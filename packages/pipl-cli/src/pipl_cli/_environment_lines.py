"""Environments as lines of text: what is set, by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipl_hooks import Environment, Step, ToolState, Variable


def environment_lines(environment: Environment) -> list[str]:
    """Return a line for each entry of each variable, each alias and tool, with its packl."""
    lines = [*_variables(environment.variables)]
    for name, alias in sorted(environment.aliases.items()):
        lines.append(f"alias {name}={alias.command}  # {alias.packl}")
    for name, tool in sorted(environment.tools.items()):
        lines += _tool(name, tool)
    return lines


def by(step: Step) -> str:
    """Return who does a step."""
    return f"{step.packl}, from {step.origin}" if step.origin else step.packl


def setting_packls(variable: Variable) -> list[str]:
    """Return who gives a variable its value: all who say so, where several say the same."""
    setters = [by(step) for step in variable.steps if step.action == "set"]
    return list(dict.fromkeys(setters))


def _variables(variables: Mapping[str, Variable]) -> Iterator[str]:
    for name, variable in sorted(variables.items()):
        for step in variable.before:
            yield f"{name}: before {step.value}  # {by(step)}"
        if variable.setter is not None:
            yield f"{name}={variable.setter.value}  # {', '.join(setting_packls(variable))}"
        for step in variable.after:
            yield f"{name}: after {step.value}  # {by(step)}"


def _tool(name: str, tool: ToolState) -> Iterator[str]:
    if tool.missing:
        wanted = f"{name} {tool.requirement}".strip()
        kind = "optional tool" if tool.optional else "tool"
        yield f"{kind} {wanted} is missing  # {tool.packl}"
    else:
        yield f"tool {f'{name} {tool.version}'.strip()}: {tool.program}  # {tool.packl}"
    for command, words in sorted(tool.commands.items()):
        told = " ".join(words) if words else "cannot run"
        yield f"  command {command}: {told}"
    for line in _variables(tool.variables):
        yield f"  {line}"
