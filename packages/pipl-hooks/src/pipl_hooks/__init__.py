"""The contract of pipl: hooks, their manager, and the plain data that crosses them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._marker import NAMESPACE, hookimpl, hookspec
    from .assets import AssetReference, Manifest, ManifestFile
    from .environment import Environment, ShortName, Step, ToolState, Variable
    from .errors import FormatError, PiplError, PluginError
    from .events import Event, EventFile
    from .frames import Frames, NumberedFiles, numbered_files
    from .installed import PluginFailure, PluginSource, entry_points
    from .interfaces import (
        AssetStore,
        Catalogue,
        Command,
        EnvironmentFormat,
        EventSource,
        Handler,
        Installer,
        InstallRequest,
        Outcome,
        Progress,
        QaCheck,
        ReleaseRecord,
        Runner,
        RunRequest,
    )
    from .manager import Plugins, load_plugins
    from .packl import PacklInfo
    from .problems import Problem
    from .references import EntityReference, import_name, normalized_name

__all__ = [
    "NAMESPACE",
    "AssetReference",
    "AssetStore",
    "Catalogue",
    "Command",
    "EntityReference",
    "Environment",
    "EnvironmentFormat",
    "Event",
    "EventFile",
    "EventSource",
    "FormatError",
    "Frames",
    "Handler",
    "InstallRequest",
    "Installer",
    "Manifest",
    "ManifestFile",
    "NumberedFiles",
    "Outcome",
    "PacklInfo",
    "PiplError",
    "PluginError",
    "PluginFailure",
    "PluginSource",
    "Plugins",
    "Problem",
    "Progress",
    "QaCheck",
    "ReleaseRecord",
    "RunRequest",
    "Runner",
    "ShortName",
    "Step",
    "ToolState",
    "Variable",
    "entry_points",
    "hookimpl",
    "hookspec",
    "import_name",
    "load_plugins",
    "normalized_name",
    "numbered_files",
]

# Imported when they are first used: each start of `pipl`, and of each tool, needs only a few.
_MODULES = {
    "_marker": ("NAMESPACE", "hookimpl", "hookspec"),
    "assets": ("AssetReference", "Manifest", "ManifestFile"),
    "environment": ("Environment", "ShortName", "Step", "ToolState", "Variable"),
    "errors": ("FormatError", "PiplError", "PluginError"),
    "events": ("Event", "EventFile"),
    "frames": ("Frames", "NumberedFiles", "numbered_files"),
    "interfaces": (
        "AssetStore",
        "Catalogue",
        "Command",
        "EnvironmentFormat",
        "EventSource",
        "Handler",
        "Installer",
        "InstallRequest",
        "Outcome",
        "Progress",
        "QaCheck",
        "ReleaseRecord",
        "Runner",
        "RunRequest",
    ),
    "installed": ("PluginFailure", "PluginSource", "entry_points"),
    "manager": ("Plugins", "load_plugins"),
    "packl": ("PacklInfo",),
    "problems": ("Problem",),
    "references": ("EntityReference", "import_name", "normalized_name"),
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
