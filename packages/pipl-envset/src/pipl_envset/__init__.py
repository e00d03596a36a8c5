"""Tool and environment settings as packls, and the environment that they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipl_hooks import Environment, Variable

from ._changes import Alias, Append, Change, Prepend, Set
from ._environment import resolve
from ._envset import EnvSet, installed_envsets
from .errors import EnvSetError

__all__ = [
    "Alias",
    "Append",
    "Change",
    "EnvSet",
    "EnvSetError",
    "Environment",
    "Prepend",
    "Set",
    "Variable",
    "installed_envsets",
    "make_environment",
    "resolve",
]


def make_environment(config: Mapping[str, Any]) -> Environment:  # noqa: ARG001  no options yet
    """Make the service `env`: what the EnvSets that are installed here add up to."""
    return resolve(installed_envsets())
