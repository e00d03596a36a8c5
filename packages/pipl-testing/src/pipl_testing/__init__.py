"""Fixtures for pytest: a running project, workspaces, throw-away packls and fake plugins."""

from ._handlers import handled
from ._home import WHEELS_VARIABLE, isolated_home
from ._installed import in_environment
from ._notes import release_note_types
from ._packls import PacklMaker
from ._plugins import PluginRegistrar
from ._projects import (
    ARTIST,
    QUICK_KEYS,
    new_project,
    new_running_project,
    publish_wheels,
    started,
    wheels_folder,
)
from ._wheels import release_wheel, write_wheel

__all__ = [
    "ARTIST",
    "QUICK_KEYS",
    "WHEELS_VARIABLE",
    "PacklMaker",
    "PluginRegistrar",
    "handled",
    "in_environment",
    "isolated_home",
    "new_project",
    "new_running_project",
    "publish_wheels",
    "release_note_types",
    "release_wheel",
    "started",
    "wheels_folder",
    "write_wheel",
]
