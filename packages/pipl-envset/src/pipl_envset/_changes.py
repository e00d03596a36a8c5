"""What an EnvSet may do to the environment."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Union

if TYPE_CHECKING:
    from ._context import Context

Value = Union[str, Callable[[], str], "Callable[[Context], str]"]
"""A value, or a function that computes it when all packls are installed.

A function may take one argument: the `Context`, with the tool that was found and the others.
"""


@dataclass(frozen=True)
class Set:
    """Set a variable, whatever it was before."""

    name: str
    value: Value


@dataclass(frozen=True)
class Prepend:
    """Put an entry before those of a variable that is a list, such as PATH."""

    name: str
    value: Value


@dataclass(frozen=True)
class Append:
    """Put an entry after those of a variable that is a list, such as PATH."""

    name: str
    value: Value


@dataclass(frozen=True)
class Alias:
    """Give a shell command a short name."""

    name: str
    value: Value


@dataclass(frozen=True, init=False)
class Source:
    """Take over what a vendor's setup script sets.

    The script is read by a shell of its own, with nothing but the variables of a bare login and
    those of earlier EnvSets; what differs afterwards is taken over. What it unsets, and its
    aliases and functions, are not.

    Args:
        script: Its path.
        arguments: Its arguments.
        reader: Shell that reads it: `sh` or one like it; always `cmd` on Windows.
    """

    script: Value
    arguments: tuple[str, ...]
    reader: str

    def __init__(self, script: Value, *arguments: str, reader: str = "sh") -> None:
        object.__setattr__(self, "script", script)
        object.__setattr__(self, "arguments", arguments)
        object.__setattr__(self, "reader", reader)


Change = Union[Set, Prepend, Append, Alias, Source]


def text(value: Value, context: Context) -> str:
    """Return a value, computing it where it is a function."""
    if not callable(value):
        return value
    if _takes_context(value):
        return value(context)  # type: ignore[call-arg]
    return value()  # type: ignore[call-arg]


def _takes_context(function: Callable[..., str]) -> bool:
    try:
        inspect.signature(function).bind()
    except TypeError:  # an argument is missing
        return True
    except ValueError:  # a function of C's that does not tell
        return False
    return False
