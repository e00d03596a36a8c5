"""The contract of pipl: hooks, their manager, and the plain data that crosses them."""

from ._marker import NAMESPACE, hookimpl, hookspec
from .assets import AssetReference, Manifest, ManifestFile
from .environment import Environment, ShortName, Step, ToolState, Variable
from .errors import FormatError, PiplError, PluginError
from .events import Event, EventFile
from .interfaces import (
    AssetStore,
    Command,
    EnvironmentFormat,
    EventSource,
    Handler,
    Installer,
    InstallRequest,
    Outcome,
    Progress,
    QaCheck,
    Runner,
    RunRequest,
)
from .manager import PluginFailure, Plugins, PluginSource, entry_points, load_plugins
from .packl import PacklInfo
from .problems import Problem
from .references import EntityReference, import_name, normalized_name

__all__ = [
    "NAMESPACE",
    "AssetReference",
    "AssetStore",
    "Command",
    "EntityReference",
    "Environment",
    "EnvironmentFormat",
    "Event",
    "EventFile",
    "EventSource",
    "FormatError",
    "Handler",
    "InstallRequest",
    "Installer",
    "Manifest",
    "ManifestFile",
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
]
