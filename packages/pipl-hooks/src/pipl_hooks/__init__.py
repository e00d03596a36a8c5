"""The contract of pipl: hooks, their manager, and the plain data that crosses them."""

from ._marker import NAMESPACE, hookimpl, hookspec
from .assets import AssetReference, Manifest, ManifestFile
from .environment import Environment, Variable
from .errors import FormatError, PiplError, PluginError
from .events import Event, EventFile
from .frames import Frames, NumberedFiles, numbered_files
from .installed import PluginFailure, PluginSource, entry_points
from .interfaces import (
    AssetStore,
    Catalogue,
    Command,
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
    "Variable",
    "entry_points",
    "hookimpl",
    "hookspec",
    "import_name",
    "load_plugins",
    "normalized_name",
    "numbered_files",
]
