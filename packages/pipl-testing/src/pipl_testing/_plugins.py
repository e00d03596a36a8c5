"""Hook implementations for the duration of a test."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from pipl_hooks import NAMESPACE, hookimpl


class PluginRegistrar:
    """Registers hook implementations on the tool side: the fixture `plugin_packl`."""

    def __init__(self) -> None:
        self._registered: list[types.ModuleType] = []

    def __call__(
        self, name: str = "throw-away", **implementations: Callable[..., Any]
    ) -> types.ModuleType:
        """Register hook implementations until the end of the test.

        Args:
            name: Name of the plugin.
            implementations: Functions by the names of their hooks; they may carry options of
                `hookimpl` already.

        Raises:
            pluggy.PluginValidationError: There is no such hook, or it has no such argument.
        """
        from pipl_core.plugins import plugins

        manager = plugins().manager
        module = types.ModuleType(name)
        for hook, function in implementations.items():
            marked = hasattr(function, f"{NAMESPACE}_impl")
            setattr(module, hook, function if marked else hookimpl(function))
        self._registered.append(module)
        manager.register(module, name=f"{name}:{len(self._registered)}")
        manager.check_pending()
        return module

    def close(self) -> None:
        """Unregister all of them."""
        from pipl_core.plugins import plugins

        manager = plugins().manager
        while self._registered:
            module = self._registered.pop()
            if manager.is_registered(module):
                manager.unregister(module)
