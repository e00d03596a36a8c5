"""Fixtures for pytest: a running project, workspaces, throw-away packls and fake plugins."""

from ._home import isolated_home
from ._installed import in_environment
from ._packls import PacklMaker
from ._plugins import PluginRegistrar
from ._projects import ARTIST, QUICK_KEYS, publish_wheels, started

__all__ = [
    "ARTIST",
    "QUICK_KEYS",
    "PacklMaker",
    "PluginRegistrar",
    "in_environment",
    "isolated_home",
    "publish_wheels",
    "started",
]
