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
from ._drafts import Draft
from ._installed import InstalledPackl, dependency_order, workspace
from ._plugins import plugins
from ._products import Product, Products
from ._services import Services, services
from ._settings import environment_folder, settings
from ._tasks import Task, TaskCommand, command, the_task
from ._types import type_named, type_names
from .errors import PipelineError

__all__ = [
    "Asset",
    "AssetType",
    "BoundAsset",
    "Draft",
    "FileAsset",
    "FolderAsset",
    "InstalledPackl",
    "PipelineError",
    "Product",
    "Products",
    "SequenceAsset",
    "Services",
    "Settings",
    "Task",
    "TaskCommand",
    "command",
    "dependency_order",
    "environment_folder",
    "location",
    "plugins",
    "services",
    "settings",
    "the_task",
    "type_named",
    "type_names",
    "workspace",
]
