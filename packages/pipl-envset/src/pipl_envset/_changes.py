"""What an EnvSet may do to the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Union

Value = Union[str, Callable[[], str]]
"""A value, or a function that computes it when all packls are installed."""


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


Change = Union[Set, Prepend, Append, Alias]


def text(value: Value) -> str:
    """Return a value, computing it where it is a function."""
    return value() if callable(value) else value
