"""The plugins of the tool environment, loaded when they are first needed."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass

from pipl_hooks import PluginFailure, Plugins, load_plugins


@dataclass(frozen=True)
class HookAnswer:
    """An implementation of a hook.

    Attributes:
        plugin: Name under which the plugin is registered.
        packl: Distribution that brings it.
        version: Version of that distribution.
    """

    plugin: str
    packl: str
    version: str


@functools.cache
def plugins() -> Plugins:
    """Return the plugins of the tool environment; a broken one earns a warning, and no more."""
    from . import plugin

    return load_plugins(own=[plugin], warn=_warn)


def hook_answers() -> dict[str, list[HookAnswer]]:
    """Return who answers each hook here, in the order in which they are asked, by hook."""
    found = plugins()
    sources = {f"{source.packl}:{source.name}": source for source in found.sources}
    answers: dict[str, list[HookAnswer]] = {}
    for name, caller in sorted(vars(found.hook).items()):
        if name.startswith("_"):
            continue
        answers[name] = []
        for implementation in reversed(caller.get_hookimpls()):
            plugin = implementation.plugin_name
            source = sources.get(plugin)
            packl, version = (source.packl, source.version) if source else _own()
            answers[name].append(HookAnswer(plugin, packl, version))
    return answers


def _own() -> tuple[str, str]:
    from importlib.metadata import version

    return "pipl-core", version("pipl-core")


def _warn(failure: PluginFailure) -> None:
    source = failure.source
    warnings.warn(
        f"the plugin {source.name} of {source.packl} {source.version} did not load: "
        f"{failure.reason}",
        stacklevel=2,
    )
