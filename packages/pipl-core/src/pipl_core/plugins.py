"""The plugins of the tool environment, loaded when they are first needed."""

from __future__ import annotations

import functools
import warnings

from pipl_hooks import PluginFailure, Plugins, load_plugins


@functools.cache
def plugins() -> Plugins:
    """Return the plugins of the tool environment; a broken one earns a warning, and no more."""
    from . import plugin

    return load_plugins(own=[plugin], warn=_warn)


def _warn(failure: PluginFailure) -> None:
    source = failure.source
    warnings.warn(
        f"the plugin {source.name} of {source.packl} {source.version} did not load: "
        f"{failure.reason}",
        stacklevel=2,
    )
