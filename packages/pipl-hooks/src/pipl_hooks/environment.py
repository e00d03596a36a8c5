"""What the EnvSets of an environment add up to, as it is kept beside that environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from . import shapes
from .errors import FormatError

FORMAT = 1
_LISTS = ("before", "after", "packls")
FILE_NAME = "env.json"


@dataclass
class Variable:
    """What the EnvSets make of one variable.

    Attributes:
        value: What it is set to; None where it is only extended.
        before: Entries in front, the first one first.
        after: Entries behind.
        packls: EnvSets that had a part in it.
    """

    value: str | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    packls: list[str] = field(default_factory=list)

    def applied_to(self, current: str | None) -> str:
        """Return the variable's value, given the one that it has now."""
        middle = self.value if self.value is not None else current
        return os.pathsep.join([*self.before, *([middle] if middle else []), *self.after])


@dataclass
class Environment:
    """What the EnvSets of an environment add up to: the service `env`.

    Attributes:
        variables: By name.
        aliases: Commands by their short names.
    """

    variables: dict[str, Variable] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def applied_to(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return a copy of `base` with all variables set."""
        changed = {name: var.applied_to(base.get(name)) for name, var in self.variables.items()}
        return {**base, **changed}

    def to_text(self) -> str:
        """Return the text of `env.json`."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Environment:
        """Read `env.json`.

        Raises:
            FormatError: The text has another format.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                msg = f"Format {data['format']!r} of env.json is not known here."
                raise FormatError(msg, hint="Update pipl-hooks in this environment.")
            variables = {
                name: _variable(name, fields) for name, fields in data["variables"].items()
            }
            aliases = shapes.text_table(data["aliases"], "aliases")
            return cls(variables=variables, aliases=aliases)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            msg = "env.json cannot be read."
            raise FormatError(msg, context=repr(error)) from error


def _variable(name: str, fields: Mapping[str, Any]) -> Variable:
    value = fields["value"]
    lists = {key: shapes.texts(fields[key], f"{key} of {name}") for key in _LISTS}
    return Variable(None if value is None else shapes.text(value, name), **lists)
