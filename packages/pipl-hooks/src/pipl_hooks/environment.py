"""What the EnvSets of an environment add up to, as it is kept beside that environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from . import shapes
from .errors import FormatError

FORMAT = 2
"""1 had no steps, so that it did not say which packl an entry came from."""

FILE_NAME = "env.json"

SET = "set"
PREPEND = "prepend"
APPEND = "append"
ACTIONS = (SET, PREPEND, APPEND)


class UnknownFormatError(FormatError):
    """An `env.json` was written by another pipl; making it anew gives one that can be read."""


@dataclass(frozen=True)
class Step:
    """What one EnvSet does to one variable.

    Attributes:
        action: `set`, `prepend` or `append`.
        value: The value, or the entry.
        packl: Packl of the EnvSet.
        origin: Script of a vendor from which it was taken over; empty where the EnvSet says it.
    """

    action: str
    value: str
    packl: str
    origin: str = ""


@dataclass
class Variable:
    """What the EnvSets make of one variable.

    Attributes:
        steps: What each does to it, in the order of their dependencies.
    """

    steps: list[Step] = field(default_factory=list)

    @property
    def setter(self) -> Step | None:
        """The step that gives it its value; None where it is only extended."""
        return next((step for step in reversed(self.steps) if step.action == SET), None)

    @property
    def before(self) -> list[Step]:
        """Entries in front, the first one first: a later EnvSet lies around earlier ones."""
        return [step for step in reversed(self.steps) if step.action == PREPEND]

    @property
    def after(self) -> list[Step]:
        """Entries behind."""
        return [step for step in self.steps if step.action == APPEND]

    @property
    def packls(self) -> list[str]:
        """Packls that had a part in it."""
        return list(dict.fromkeys(step.packl for step in self.steps))

    def applied_to(self, current: str | None) -> str:
        """Return the variable's value, given the one that it has now."""
        middle = self.setter.value if self.setter else current
        entries = [step.value for step in self.before] + ([middle] if middle else [])
        return os.pathsep.join([*entries, *(step.value for step in self.after)])


@dataclass(frozen=True)
class ShortName:
    """A command of a shell under a short name.

    Attributes:
        command: The command.
        packl: Packl of the EnvSet.
    """

    command: str
    packl: str


@dataclass
class ToolState:
    """An installed tool, as it was found or not.

    Attributes:
        packl: Packl of the EnvSet.
        requirement: Versions that it may have (PEP 440); empty where any will do.
        program: Its program; None where it was not found.
        version: Its version; None where it was not found, or where nobody asks for it.
        commands: The program and the first arguments of each command, by name; nothing where it
            cannot be run.
        variables: What its commands alone get.
        optional: Whether the environment is whole without it.
        problem: Where it was looked for, and what to do; empty where it was found.
    """

    packl: str
    requirement: str = ""
    program: str | None = None
    version: str | None = None
    commands: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    optional: bool = False
    problem: str = ""

    @property
    def missing(self) -> bool:
        """Whether it was not found."""
        return self.program is None


@dataclass
class Environment:
    """What the EnvSets of an environment add up to: the service `env`.

    Attributes:
        variables: By name.
        aliases: Commands of shells, by their short names.
        tools: Installed tools, by name.
    """

    variables: dict[str, Variable] = field(default_factory=dict)
    aliases: dict[str, ShortName] = field(default_factory=dict)
    tools: dict[str, ToolState] = field(default_factory=dict)

    @property
    def missing(self) -> dict[str, ToolState]:
        """The tools that were not found, by name."""
        return {name: tool for name, tool in self.tools.items() if tool.missing}

    def applied_to(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return a copy of `base` with all variables set."""
        changed = {name: var.applied_to(base.get(name)) for name, var in self.variables.items()}
        return {**base, **changed}

    def after(self, earlier: Environment) -> Environment:
        """Return this environment with the steps of another one before its own."""
        variables = {name: Variable(list(var.steps)) for name, var in earlier.variables.items()}
        for name, variable in self.variables.items():
            variables.setdefault(name, Variable()).steps.extend(variable.steps)
        return Environment(
            variables, {**earlier.aliases, **self.aliases}, {**earlier.tools, **self.tools}
        )

    def to_text(self) -> str:
        """Return the text of `env.json`."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Environment:
        """Read `env.json`.

        Raises:
            UnknownFormatError: The text has a format of another pipl.
            FormatError: The text cannot be read.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                msg = f"Format {data['format']!r} of env.json is not known here."
                hint = "Make it anew: `pipl work sync --upgrade`. If that changes nothing, update pipl."
                raise UnknownFormatError(msg, hint=hint)
            return cls(
                variables=_variables(data["variables"], "variables"),
                aliases={
                    n: _alias(n, d) for n, d in shapes.tables(data["aliases"], "aliases").items()
                },
                tools={n: _tool(n, d) for n, d in shapes.tables(data["tools"], "tools").items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            msg = "env.json cannot be read."
            raise FormatError(
                msg, context=repr(error), hint="Make it anew: `pipl work sync`."
            ) from error


def _variables(data: object, what: str) -> dict[str, Variable]:
    return {
        name: Variable([_step(name, step) for step in shapes.rows(fields["steps"], name)])
        for name, fields in shapes.tables(data, what).items()
    }


def _step(name: str, fields: Mapping[str, Any]) -> Step:
    if fields["action"] not in ACTIONS:
        msg = f"{fields['action']!r:.100} of {name} is no action"
        raise ValueError(msg)
    keys = ("action", "value", "packl", "origin")
    return Step(**{key: shapes.text(fields[key], f"{key} of {name}") for key in keys})


def _alias(name: str, fields: Mapping[str, Any]) -> ShortName:
    return ShortName(
        *(shapes.text(fields[key], f"{key} of {name}") for key in ("command", "packl"))
    )


def _tool(name: str, fields: Mapping[str, Any]) -> ToolState:
    def text(key: str) -> str:
        return shapes.text(fields[key], f"{key} of {name}")

    commands = shapes.table(fields["commands"], f"commands of {name}")
    return ToolState(
        packl=text("packl"),
        requirement=text("requirement"),
        program=None if fields["program"] is None else text("program"),
        version=None if fields["version"] is None else text("version"),
        commands={each: shapes.texts(command, each) for each, command in commands.items()},
        variables=_variables(fields["variables"], f"variables of {name}"),
        optional=bool(fields["optional"]),
        problem=text("problem"),
    )
