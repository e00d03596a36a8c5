"""Fixtures for pytest: a running project, workspaces, throw-away packls and fake plugins."""

from ._home import WHEELS_VARIABLE, isolated_home
from ._installed import in_environment
from ._packls import PacklMaker
from ._plugins import PluginRegistrar
from ._projects import (
    ARTIST,
    QUICK_KEYS,
    new_running_project,
    publish_wheels,
    started,
    wheels_folder,
)

__all__ = [
    "ARTIST",
    "QUICK_KEYS",
    "WHEELS_VARIABLE",
    "PacklMaker",
    "PluginRegistrar",
    "in_environment",
    "isolated_home",
    "new_running_project",
    "publish_wheels",
    "started",
    "wheels_folder",
]
