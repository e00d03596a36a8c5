"""The environment that all EnvSets add up to."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Callable, Optional

from pipl_hooks import Environment, PiplError, ShortName, Step, ToolState, Variable
from pipl_hooks.environment import APPEND, PREPEND, SET

from ._changes import Alias, Append, Change, Prepend, Set, Source, text
from ._context import Context
from ._envset import EnvSet
from ._finding import find
from ._probes import FILE_NAME, KnownVersions
from ._source import taken_from
from ._tool import FoundTool, Tool, ToolMissingError
from .errors import EnvSetError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_COMMAND = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*\Z")
_ACTIONS = {Set: SET, Prepend: PREPEND, Append: APPEND}


def resolve(envsets: Iterable[EnvSet], folder: Path | None = None) -> Environment:
    """Add up EnvSets, in their order.

    Args:
        envsets: The EnvSets.
        folder: Folder that remembers the versions of tools; each is asked anew where None.

    Raises:
        EnvSetError: Two of them set one variable to different values or give one command twice,
            a name is none, or a value could not be computed.
    """
    resolver = _Resolver(KnownVersions((folder or Path(os.devnull)) / FILE_NAME))
    for envset in envsets:
        resolver.add(envset)
    return resolver.environment


class _Resolver:
    def __init__(self, known: KnownVersions) -> None:
        self.environment = Environment()
        self._found: dict[str, FoundTool] = {}
        self._known = known

    def add(self, envset: EnvSet) -> None:
        tool = self._tool(envset)
        context = Context(envset, self.environment, self._found)
        for name, step in self._steps(envset, envset.changes, context):
            if isinstance(step, ShortName):
                self._add_alias(name, step)
            else:
                _add(self.environment.variables, name, step)
        for name, step in self._steps(envset, envset.tool_changes, context):
            if tool is None or isinstance(step, ShortName):
                msg = f"The EnvSet {envset.name} gives {name} to the commands of a tool."
                hint = "`tool_changes` sets variables, and needs a `tool`."
                raise EnvSetError(msg, hint=hint)
            _add(tool.variables, name, step)

    # -- its tool ------------------------------------------------------------------------------

    def _tool(self, envset: EnvSet) -> ToolState | None:
        tool, tools = envset.tool, self.environment.tools
        if not isinstance(tool, Tool):
            if tool is not None and tool not in tools:
                msg = (
                    f"The EnvSet {envset.name} is for the tool {tool!r}, which no other one gives."
                )
                hint = "Its packl must depend on the packl of the EnvSet that gives the tool."
                raise EnvSetError(msg, hint=hint)
            return None if tool is None else tools[tool]
        if tool.name in tools:
            other = tools[tool.name].packl
            msg = f"Two EnvSets give the tool {tool.name}: {other} and {envset.name}."
            hint = f'Let one depend on the other and say tool = "{tool.name}", or remove one.'
            raise EnvSetError(msg, hint=hint)
        state = ToolState(envset.name, tool.requires, optional=tool.optional)
        try:
            found = find(tool, envset.name, self._known)
        except ToolMissingError as error:
            state.problem = str(error)
            commands: Mapping[str, list[str]] = {name: [] for name in tool.arguments()}
        else:
            self._found[tool.name] = found
            state.program, state.version = str(found.program), found.version
            commands = _commands(tool, found)
        for name, command in commands.items():
            if not _COMMAND.match(name):
                msg = f"{name!r} of the EnvSet {envset.name} cannot be the name of a command."
                raise EnvSetError(msg)
            self._check_command(name, envset.name)
            state.commands[name] = list(command)
        tools[tool.name] = state
        return state

    def _add_alias(self, name: str, alias: ShortName) -> None:
        existing = self.environment.aliases.get(name)
        if existing is None:
            self._check_command(name, alias.packl)
        elif existing.packl != alias.packl and existing.command != alias.command:
            packls = f"{existing.packl} and {alias.packl}"
            msg = f"Two EnvSets give the alias {name} differently: {packls}."
            context = f"{existing.command!r} and {alias.command!r}."
            raise EnvSetError(msg, context=context, hint="Remove one of them from the workspace.")
        self.environment.aliases[name] = alias

    def _check_command(self, name: str, packl: str) -> None:
        others = [tool.packl for tool in self.environment.tools.values() if name in tool.commands]
        if name in self.environment.aliases:
            others.append(self.environment.aliases[name].packl)
        if others:
            msg = f"Two EnvSets give the command {name}: {others[0]} and {packl}."
            raise EnvSetError(msg, hint="Remove one of them from the workspace.")

    # -- its changes ---------------------------------------------------------------------------

    def _steps(
        self, envset: EnvSet, changes: Callable[[], Iterable[Change]], context: Context
    ) -> Iterator[tuple[str, Step | ShortName]]:
        """Yield what an EnvSet does; what needs a tool that is missing is left out."""
        for name, action, value, origin in _explained(envset, changes, context):
            if not _NAME.match(name):
                what = "an alias" if action is None else "a variable"
                msg = f"{name!r} of the EnvSet {envset.name} cannot be the name of {what}."
                raise EnvSetError(msg, hint="Use letters, digits and _, and no digit in front.")
            if not isinstance(value, str) or "\0" in value:
                msg = f"{name} of the EnvSet {envset.name} cannot become {value!r:.100}."
                hint = "A value must be a text without null characters; wrap a path in str()."
                raise EnvSetError(msg, hint=hint)
            if action is None:
                yield name, ShortName(value, envset.name)
            else:
                yield name, Step(action, value, envset.name, origin)


_Done = tuple[str, Optional[str], object, str]
"""Name, action (None for an alias), value, and the script it was taken from."""


def _explained(
    envset: EnvSet, changes: Callable[[], Iterable[Change]], context: Context
) -> Iterator[_Done]:
    try:
        for change in changes():
            with contextlib.suppress(ToolMissingError):
                yield from _done(change, context)
    except ToolMissingError:
        return
    except (Exception, SystemExit) as error:
        msg = f"The EnvSet {envset.name} could not say what it changes."
        said = f"{type(error).__name__}: {error}"
        if isinstance(error, PiplError):
            said = "\n".join(part for part in (error.message, error.context) if part)
        hint = error.hint if isinstance(error, PiplError) else None
        raise EnvSetError(msg, context=said, hint=hint) from error


def _done(change: Change, context: Context) -> list[_Done]:
    if isinstance(change, Source):
        script = str(text(change.script, context))
        taken = taken_from(script, change.arguments, change.reader, context.environment)
        return [(each.name, each.action, each.value, script) for each in taken]
    if isinstance(change, Alias):
        return [(change.name, None, text(change.value, context), "")]
    if type(change) not in _ACTIONS:
        msg = f"{change!r:.100} is no change"
        raise TypeError(msg)
    return [(change.name, _ACTIONS[type(change)], text(change.value, context), "")]


def _add(variables: dict[str, Variable], name: str, step: Step | ShortName) -> None:
    assert isinstance(step, Step)  # noqa: S101  aliases go elsewhere
    variable = variables.setdefault(name, Variable())
    setter = variable.setter
    if (
        step.action == SET
        and setter is not None
        and setter.packl != step.packl
        and setter.value != step.value
    ):
        msg = f"Two EnvSets set {name} differently: {setter.packl} and {step.packl}."
        context = f"{setter.value!r} and {step.value!r}."
        raise EnvSetError(msg, context=context, hint="Remove one of them from the workspace.")
    variable.steps.append(step)


def _commands(tool: Tool, found: FoundTool) -> dict[str, list[str]]:
    commands = {}
    for name, arguments in tool.arguments().items():
        program: str | None = str(found.program)
        if name != tool.name:
            program = shutil.which(str(found.program.with_name(name))) or shutil.which(
                str(found.folder / name)
            )
        commands[name] = [program, *arguments] if program else []
    return commands
