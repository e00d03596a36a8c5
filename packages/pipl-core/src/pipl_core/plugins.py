"""The plugins of the tool environment, loaded when they are first needed."""

from __future__ import annotations

import functools
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import PluginFailure, Plugins, PluginSource, load_plugins
from pipl_hooks.listing import HookAnswer, HookListing, hook_listings

if TYPE_CHECKING:
    from .workspace import Workspace


@dataclass(frozen=True)
class PluginReport:
    """Who answers which hook in one environment.

    Attributes:
        place: What environment that is: `pipl` or `workspace`.
        folder: Where it is.
        hooks: All hooks, by name, with those who answer them.
        failures: Plugins that did not load, and why.
    """

    place: str
    folder: Path
    hooks: tuple[HookListing, ...]
    failures: tuple[PluginFailure, ...]


@functools.cache
def plugins() -> Plugins:
    """Return the plugins of the tool environment; a broken one earns a warning, and no more."""
    from . import plugin

    return load_plugins(own=[plugin], warn=_warn)


def tool_report() -> PluginReport:
    """Return who answers which hook in the tool environment."""
    found = plugins()
    return PluginReport("pipl", Path(sys.prefix), tuple(hook_listings(found)), found.failures)


def workspace_report(workspace: Workspace) -> PluginReport:
    """Return who answers which hook in the environment of a workspace.

    Raises:
        CoreError: Its environment does not stand, or its pipeline cannot answer.
    """
    answer = workspace.environment.ask("hooks")
    hooks = (
        HookListing(**{**each, "answers": tuple(HookAnswer(**one) for one in each["answers"])})
        for each in answer["hooks"]
    )
    failures = (
        PluginFailure(PluginSource(**each["source"]), each["reason"]) for each in answer["failures"]
    )
    return PluginReport("workspace", workspace.folder, tuple(hooks), tuple(failures))


def _warn(failure: PluginFailure) -> None:
    source = failure.source
    warnings.warn(
        f"the plugin {source.name} of {source.packl} {source.version} did not load: "
        f"{failure.reason}",
        stacklevel=2,
    )
