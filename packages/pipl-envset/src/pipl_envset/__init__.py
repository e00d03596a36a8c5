"""Tool and environment settings as packls, and the environment that they add up to."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipl_hooks import Environment, ShortName, Step, ToolState, Variable

    from ._changes import Alias, Append, Change, Prepend, Set, Source
    from ._context import Context
    from ._environment import resolve
    from ._envset import EnvSet, installed_envsets
    from ._probes import PrintedVersion, ProbeError
    from ._tool import FoundTool, Tool, ToolMissingError
    from .errors import EnvSetError

__all__ = [
    "Alias",
    "Append",
    "Change",
    "Context",
    "EnvSet",
    "EnvSetError",
    "Environment",
    "FoundTool",
    "Prepend",
    "PrintedVersion",
    "ProbeError",
    "Set",
    "ShortName",
    "Source",
    "Step",
    "Tool",
    "ToolMissingError",
    "ToolState",
    "Variable",
    "installed_envsets",
    "make_environment",
    "resolve",
]

# Imported when they are first used: every Python that loads plugins imports this package.
_MODULES = {
    "._changes": ("Alias", "Append", "Change", "Prepend", "Set", "Source"),
    "._context": ("Context",),
    "._environment": ("resolve",),
    "._envset": ("EnvSet", "installed_envsets"),
    "._probes": ("PrintedVersion", "ProbeError"),
    "._tool": ("FoundTool", "Tool", "ToolMissingError"),
    ".errors": ("EnvSetError",),
    "pipl_hooks": ("Environment", "ShortName", "Step", "ToolState", "Variable"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

SCRIPTS_FOLDER = "pipl"
"""Folder in the virtualenv for what activation needs."""


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(importlib.import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what may be imported."""
    return __all__


def make_environment(config: Mapping[str, Any]) -> Environment:  # noqa: ARG001  no options yet
    """Make the service `env`: what the EnvSets that are installed here add up to."""
    from pipl_pipe import environment_folder

    from ._environment import resolve
    from ._envset import installed_envsets
    from ._scripts import with_launchers

    folder = environment_folder() / SCRIPTS_FOLDER
    return with_launchers(resolve(installed_envsets(), folder), folder)
