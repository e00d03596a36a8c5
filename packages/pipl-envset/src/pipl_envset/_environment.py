"""The environment that all EnvSets add up to."""

from __future__ import annotations

import re
from typing import Iterable

from pipl_hooks import Environment, Variable

from ._changes import Alias, Append, Prepend, Set, text
from ._envset import EnvSet
from .errors import EnvSetError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def resolve(envsets: Iterable[EnvSet]) -> Environment:
    """Add up EnvSets, in their order.

    Raises:
        EnvSetError: Two of them set one variable to different values, a name is none, or a value
            could not be computed.
    """
    environment = Environment()
    for envset in envsets:
        try:
            changes = [(change, text(change.value)) for change in envset.changes()]
        except Exception as error:
            msg = f"The EnvSet {envset.name} could not say what it changes."
            raise EnvSetError(msg, context=f"{type(error).__name__}: {error}") from error
        for change, value in changes:
            if not _NAME.match(change.name):
                msg = f"{change.name!r} of the EnvSet {envset.name} cannot be the name of a variable."
                raise EnvSetError(msg)
            if isinstance(change, Alias):
                environment.aliases[change.name] = value
                continue
            variable = environment.variables.setdefault(change.name, Variable())
            _apply(variable, change, value, envset.name)
    return environment


def _apply(variable: Variable, change: Set | Prepend | Append, value: str, packl: str) -> None:
    if isinstance(change, Prepend):
        variable.before.insert(0, value)
    elif isinstance(change, Append):
        variable.after.append(value)
    else:
        if variable.value not in {None, value}:
            others = ", ".join(variable.packls)
            msg = f"Two EnvSets set {change.name} differently: {others} and {packl}."
            context = f"{variable.value!r} and {value!r}."
            raise EnvSetError(msg, context=context, hint="Remove one of them from the workspace.")
        variable.value = value
    if packl not in variable.packls:
        variable.packls.append(packl)
