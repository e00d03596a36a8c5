"""Gathers plugins, each under its own guard, so that a broken one cannot stop the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from types import ModuleType
from typing import Any, Callable

import pluggy

from . import specs
from ._marker import NAMESPACE
from .references import normalized_name

TRACE_VARIABLE = "PIPL_TRACE"
"""Set it to `hooks`, and every call of a hook is printed to stderr."""


@dataclass(frozen=True)
class PluginSource:
    """Where a plugin comes from.

    Attributes:
        name: Name of its entry point.
        packl: Distribution that brings it.
        version: Version of that distribution.
        module: What the entry point names.
    """

    name: str
    packl: str
    version: str
    module: str


@dataclass(frozen=True)
class PluginFailure:
    """A plugin that could not be loaded.

    Attributes:
        source: Where it comes from.
        reason: What went wrong.
    """

    source: PluginSource
    reason: str


@dataclass(frozen=True)
class Plugins:
    """All plugins of an environment.

    Attributes:
        manager: pluggy's manager.
        sources: Where each registered plugin comes from, in the order of registration.
        failures: Plugins that could not be loaded.
    """

    manager: pluggy.PluginManager
    sources: tuple[PluginSource, ...]
    failures: tuple[PluginFailure, ...]

    @property
    def hook(self) -> Any:  # noqa: ANN401  pluggy's relay has its hooks as attributes
        """Call hooks: `plugins.hook.pipl_config()`."""
        return self.manager.hook


def entry_points(group: str) -> list[tuple[PluginSource, EntryPoint]]:
    """List the entry points of a group, without importing anything.

    A name that two distributions give is listed twice; the order is that of the names of the
    distributions, so that it is the same on every machine. A distribution whose entry points
    cannot be read offers none; `load_plugins` names it.
    """
    return _entry_points(group)[0]


def load_plugins(
    own: Iterable[ModuleType] = (), warn: Callable[[PluginFailure], None] | None = None
) -> Plugins:
    """Load every plugin that is installed here.

    Args:
        own: Modules to register first; they are asked after those of packls.
        warn: Called for each plugin that could not be loaded.

    Returns:
        The plugins. A broken one is among their `failures`.
    """
    manager = pluggy.PluginManager(NAMESPACE)
    for module in specs.ALL:
        manager.add_hookspecs(module)
    if os.environ.get(TRACE_VARIABLE) == "hooks":
        manager.trace.root.setwriter(sys.stderr.write)
        manager.enable_tracing()
    sources = []
    for module in own:
        manager.register(module, name=module.__name__)
    points, failures = _entry_points(NAMESPACE)
    for source, point in points:
        try:
            _register(manager, point, source)
        # A plugin may raise anything when imported, or even call sys.exit.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            failures.append(PluginFailure(source, f"{type(error).__name__}: {error}"))
        else:
            sources.append(source)
    for failure in failures:
        if warn:
            warn(failure)
    return Plugins(manager, tuple(sources), tuple(failures))


def _entry_points(group: str) -> tuple[list[tuple[PluginSource, EntryPoint]], list[PluginFailure]]:
    found: dict[str, tuple[Distribution, list[EntryPoint]]] = {}
    failures = []
    for distribution in distributions():
        # Most have none, and reading their metadata would take longer than all the rest.
        if f"[{group}]" not in (distribution.read_text("entry_points.txt") or ""):
            continue
        name = distribution.metadata["Name"]
        if not name or normalized_name(name) in found or not _is_first(distribution, name):
            continue
        points = []
        try:
            points = [point for point in distribution.entry_points if point.group == group]
        except Exception as error:  # noqa: BLE001  a file cut short; what it raises differs by Python
            source = PluginSource("entry_points.txt", name, distribution.version, "")
            failures.append(PluginFailure(source, f"{type(error).__name__}: {error}"))
        found[normalized_name(name)] = (distribution, points)
    listed = [
        (PluginSource(point.name, dist.metadata["Name"], dist.version, point.value), point)
        for _, (dist, points) in sorted(found.items())
        for point in points
    ]
    return listed, failures


def _is_first(distribution: Distribution, name: str) -> bool:
    """Tell whether a distribution is the one of its name that Python imports: the first one."""
    first = next(iter(distributions(name=name)), None)
    if first is None:
        return False
    places = [str(each.locate_file("")) for each in (first, distribution)]
    return places[0] == places[1] and first.version == distribution.version


def _register(manager: pluggy.PluginManager, point: EntryPoint, source: PluginSource) -> None:
    plugin = point.load()
    if manager.is_registered(plugin):
        return
    name = f"{source.packl}:{source.name}"
    try:
        manager.register(plugin, name=name)
        # Names a function that looks like a hook of ours and is none: most often a misspelling.
        manager.check_pending()
    except pluggy.PluginValidationError:
        manager.unregister(name=name)
        raise
