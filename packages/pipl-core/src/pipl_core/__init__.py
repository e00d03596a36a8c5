"""The tool side of pipl: project, server, users, indexes, workspaces, packls, publishing."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._project_file import RELEASE_INDEX, ProjectConfig, Stage
    from .adhoc import AdHocEnvironment, adhoc_environment
    from .areas import create_workarea, workareas, workspaces
    from .dependencies import add_dependency, remove_dependency
    from .errors import (
        AccessError,
        ConflictError,
        CoreError,
        InstallError,
        NotFoundError,
        PacklError,
        ServerError,
    )
    from .packl import Packl
    from .project import Project
    from .publishing import Publication, PublishPlan, plan_publish
    from .setup import set_up
    from .workspace import Workspace

__all__ = [
    "RELEASE_INDEX",
    "AccessError",
    "AdHocEnvironment",
    "ConflictError",
    "CoreError",
    "InstallError",
    "NotFoundError",
    "Packl",
    "PacklError",
    "Project",
    "ProjectConfig",
    "Publication",
    "PublishPlan",
    "ServerError",
    "Stage",
    "Workspace",
    "add_dependency",
    "adhoc_environment",
    "create_workarea",
    "plan_publish",
    "remove_dependency",
    "set_up",
    "workareas",
    "workspaces",
]

# Imported when they are first used: all together cost a quarter of a second, and each start of
# `pipl` would pay it.
_MODULES = {
    "_project_file": ("RELEASE_INDEX", "ProjectConfig", "Stage"),
    "adhoc": ("AdHocEnvironment", "adhoc_environment"),
    "dependencies": ("add_dependency", "remove_dependency"),
    "errors": tuple(name for name in __all__ if name.endswith("Error")),
    "packl": ("Packl",),
    "project": ("Project",),
    "publishing": ("Publication", "PublishPlan", "plan_publish"),
    "setup": ("set_up",),
    "areas": ("create_workarea", "workareas", "workspaces"),
    "workspace": ("Workspace",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what may be imported."""
    return __all__
