"""Gathers plugins, each under its own guard, so that a broken one cannot stop the others."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Callable

import pluggy

from . import specs
from ._marker import NAMESPACE
from .errors import PiplError, PluginError
from .installed import (
    EntryPoint,
    PluginFailure,
    PluginSource,
    entry_points,
    one_line,
    source_of_module,
    unreadable_entry_points,
)
from .suggestions import did_you_mean
from .trace import trace_hooks, traced

_UNKNOWN_HOOK = re.compile(r"unknown hook '(\w+)'")


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
        """Call hooks: `plugins.hook.pipl_product_name(task="sh010_anim", output="usd")`."""
        return self.manager.hook

    def source_of(self, plugin_name: str) -> PluginSource:
        """Return where a plugin comes from, by the name under which it is registered."""
        for source in self.sources:
            if _registered_name(source) == plugin_name:
                return source
        found = source_of_module(plugin_name)  # one of pipl's own modules
        packl, version = (found.packl, found.version) if found else (plugin_name, "")
        return PluginSource(plugin_name, packl.partition(":")[0], version, plugin_name)

    def ask(self, hook: str, **arguments: object) -> Any:  # noqa: ANN401  it differs by hook
        """Call a hook, and name the plugin where one fails.

        Args:
            hook: Name of the hook.
            arguments: Its arguments.

        Returns:
            The answer, or all answers.

        Raises:
            PluginError: A plugin raised something that pipl does not know.
        """
        caller = getattr(self.hook, hook)
        try:
            return caller(**arguments)
        except PiplError:
            raise
        except (Exception, SystemExit) as error:
            name = _raiser(caller, error)
            if name is None:
                raise
            raise _failed(self.source_of(name), hook, error) from error

    def each(self, hook: str, **arguments: object) -> Iterator[tuple[PluginSource, Any]]:
        """Call a hook plugin by plugin, to know who answered what.

        Wrappers wrap each answer. None counts as no answer.

        Args:
            hook: Name of the hook.
            arguments: Its arguments.

        Yields:
            Where a plugin comes from and its answer, in the order in which they are asked; of a
            hook whose first answer wins, that is the first.

        Raises:
            PluginError: A plugin raised something that pipl does not know.
        """
        caller = getattr(self.hook, hook)
        asked = [i for i in caller.get_hookimpls() if not (i.wrapper or i.hookwrapper)]
        if not asked:
            caller(**arguments)  # a trace tells that nobody was there to answer
        for implementation in reversed(asked):
            others = [each.plugin for each in asked if each is not implementation]
            source = self.source_of(implementation.plugin_name)
            try:
                answer = self.manager.subset_hook_caller(hook, others)(**arguments)
            except PiplError:
                raise
            except (Exception, SystemExit) as error:
                raise _failed(source, hook, error) from error
            first_wins = caller.spec is not None and caller.spec.opts["firstresult"]
            for each in [answer] if first_wins else answer:
                if each is not None:
                    yield source, each


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
    sources = []
    for module in own:
        manager.register(module, name=module.__name__)
    failures = unreadable_entry_points(NAMESPACE)
    for source, point in entry_points(NAMESPACE):
        try:
            _register(manager, point, source)
        # A plugin may raise anything when imported, or even call sys.exit.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            failures.append(PluginFailure(source, one_line(error)))
        else:
            sources.append(source)
    for failure in failures:
        if warn:
            warn(failure)
    plugins = Plugins(manager, tuple(sources), tuple(failures))
    if traced("hooks"):
        trace_hooks(manager, lambda name: f"{plugins.source_of(name)} ({name})")
    return plugins


def _registered_name(source: PluginSource) -> str:
    return f"{source.packl}:{source.name}"


def _failed(source: PluginSource, hook: str, error: BaseException) -> PluginError:
    msg = f"The plugin {source.name} of {source} failed in the hook {hook}."
    return PluginError(msg, context=one_line(error), hint="Correct it, or uninstall its packl.")


def _raiser(caller: Any, error: BaseException) -> str | None:  # noqa: ANN401  pluggy's HookCaller
    """Return the name of the plugin whose implementation an error came through."""
    names = {
        getattr(inspect.unwrap(each.function), "__code__", None): each.plugin_name
        for each in caller.get_hookimpls()
    }
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code in names:
            return str(names[step.tb_frame.f_code])
        step = step.tb_next
    return None


def _register(manager: pluggy.PluginManager, point: EntryPoint, source: PluginSource) -> None:
    plugin = point.load()
    if manager.is_registered(plugin):
        return
    name = _registered_name(source)
    try:
        manager.register(plugin, name=name)
        # Names a function that looks like a hook of ours and is none: most often a misspelling.
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = _UNKNOWN_HOOK.match(str(error))
        manager.unregister(name=name)
        meant = did_you_mean(unknown[1], _hooks()) if unknown else ""
        if not meant:
            raise
        raise pluggy.PluginValidationError(plugin, f"{error}. {meant}".strip()) from error


def _hooks() -> list[str]:
    return [name for module in specs.ALL for name in vars(module) if name.startswith("pipl_")]
