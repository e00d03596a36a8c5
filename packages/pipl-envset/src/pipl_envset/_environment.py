"""The environment that all EnvSets add up to."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    setters: dict[str, str] = {}
    for envset in envsets:
        try:
            changes = [(change, text(change.value)) for change in envset.changes()]
        except Exception as error:
            msg = f"The EnvSet {envset.name} could not say what it changes."
            raise EnvSetError(msg, context=f"{type(error).__name__}: {error}") from error
        for change, value in changes:
            if not _NAME.match(change.name):
                msg = (
                    f"{change.name!r} of the EnvSet {envset.name} cannot be the name of a variable."
                )
                raise EnvSetError(msg)
            if not _is_value(value):
                msg = f"{change.name} of the EnvSet {envset.name} cannot become {value!r:.100}."
                hint = "A value must be a text without null characters; wrap a path in str()."
                raise EnvSetError(msg, hint=hint)
            if isinstance(change, Alias):
                environment.aliases[change.name] = value
                continue
            variable = environment.variables.setdefault(change.name, Variable())
            if isinstance(change, Set):
                setter = setters.setdefault(change.name, envset.name)
                _check_same(variable, change.name, value, (setter, envset.name))
            _apply(variable, change, value, envset.name)
    return environment


def _is_value(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value


def _check_same(variable: Variable, name: str, value: str, setters: tuple[str, str]) -> None:
    if variable.value not in {None, value}:
        msg = f"Two EnvSets set {name} differently: {' and '.join(setters)}."
        context = f"{variable.value!r} and {value!r}."
        raise EnvSetError(msg, context=context, hint="Remove one of them from the workspace.")


def _apply(variable: Variable, change: Set | Prepend | Append, value: str, packl: str) -> None:
    if isinstance(change, Prepend):
        variable.before.insert(0, value)
    elif isinstance(change, Append):
        variable.after.append(value)
    else:
        variable.value = value
    if packl not in variable.packls:
        variable.packls.append(packl)
