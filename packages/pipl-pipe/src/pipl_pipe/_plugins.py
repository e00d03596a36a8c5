"""The plugins of this environment, loaded when they are first needed."""

from __future__ import annotations

import functools
import sys

from pipl_hooks import PluginFailure, Plugins, load_plugins


@functools.cache
def plugins() -> Plugins:
    """Return the plugins of this environment; a broken one earns a warning, and no more."""
    from . import plugin

    return load_plugins(own=[plugin], warn=_warn)


def _warn(failure: PluginFailure) -> None:
    source = failure.source
    print(  # noqa: T201  a warning for people, where no logging is set up
        f"pipl: the plugin {source.name} of {source.packl} {source.version} did not load: "
        f"{failure.reason}",
        file=sys.stderr,
    )
