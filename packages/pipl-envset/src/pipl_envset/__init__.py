"""Tool and environment settings as packls, and the environment that they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipl_hooks import Environment, ShortName, Step, ToolState, Variable
from pipl_pipe import environment_folder

from ._changes import Alias, Append, Change, Prepend, Set, Source
from ._context import Context
from ._environment import resolve
from ._envset import EnvSet, installed_envsets
from ._probes import PrintedVersion, ProbeError
from ._scripts import with_launchers
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

SCRIPTS_FOLDER = "pipl"
"""Folder in the virtualenv for what activation needs."""


def make_environment(config: Mapping[str, Any]) -> Environment:  # noqa: ARG001  no options yet
    """Make the service `env`: what the EnvSets that are installed here add up to."""
    folder = environment_folder() / SCRIPTS_FOLDER
    return with_launchers(resolve(installed_envsets(), folder), folder)
