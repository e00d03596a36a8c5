"""The pipeline framework inside a workspace: services, Assets, Products and Tasks."""

from pipl_hooks.settings import Settings

from ._assets import (
    Asset,
    AssetType,
    BoundAsset,
    FileAsset,
    FolderAsset,
    SequenceAsset,
    location,
)
from ._commands import Command, TaskCommand, command
from ._config import Config
from ._drafts import Draft
from ._installed import InstalledPackl, dependency_order, workspace
from ._plugins import plugins
from ._products import Product, Products
from ._registered import registered
from ._services import Services, services
from ._settings import environment_folder, is_offline, settings
from ._task_service import Tasks
from ._tasks import Task, the_task
from ._types import Types, type_named, type_names
from .errors import (
    NotGivenError,
    PipelineError,
    UnknownConfigError,
    UnknownServiceError,
    UnknownTypeError,
)

__all__ = [
    "Asset",
    "AssetType",
    "BoundAsset",
    "Command",
    "Config",
    "Draft",
    "FileAsset",
    "FolderAsset",
    "InstalledPackl",
    "NotGivenError",
    "PipelineError",
    "Product",
    "Products",
    "SequenceAsset",
    "Services",
    "Settings",
    "Task",
    "TaskCommand",
    "Tasks",
    "Types",
    "UnknownConfigError",
    "UnknownServiceError",
    "UnknownTypeError",
    "command",
    "dependency_order",
    "environment_folder",
    "is_offline",
    "location",
    "plugins",
    "registered",
    "services",
    "settings",
    "the_task",
    "type_named",
    "type_names",
    "workspace",
]
