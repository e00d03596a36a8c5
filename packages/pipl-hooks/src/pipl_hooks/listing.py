"""Who answers which hook: what `pipl plugins` shows of an environment."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .manager import Plugins

OWN = frozenset(
    {
        "pipl-assetstore",
        "pipl-ci",
        "pipl-cli",
        "pipl-core",
        "pipl-envset",
        "pipl-hooks",
        "pipl-pgqueuer",
        "pipl-pipe",
        "pipl-server",
    }
)
"""pipl's own distributions that may answer hooks."""


@dataclass(frozen=True)
class HookAnswer:
    """An implementation of a hook.

    Attributes:
        plugin: Name under which the plugin is registered.
        packl: Distribution that brings it.
        version: Version of that distribution.
        role: `wins` or `fallback` where the first answer wins, `counts` where all answers count,
            `wraps` for a wrapper of the others.
        own: Whether it is one of pipl's own.
    """

    plugin: str
    packl: str
    version: str
    role: str
    own: bool


@dataclass(frozen=True)
class HookListing:
    """A hook and who answers it.

    Attributes:
        name: Name of the hook.
        place: Where it is called: `pipeline`, `tools` or `handlers`, see `pipl_hooks.specs`.
        first_wins: Whether the first answer wins; else all count.
        summary: First line of its documentation.
        answers: Implementations, in the order in which they are asked.
    """

    name: str
    place: str
    first_wins: bool
    summary: str
    answers: tuple[HookAnswer, ...]


def hook_listings(plugins: Plugins) -> list[HookListing]:
    """Return all hooks and who answers them, by name."""
    # A misspelt hook leaves a caller without a specification behind.
    callers = {k: v for k, v in vars(plugins.hook).items() if getattr(v, "spec", None)}
    return [_listing(plugins, name, callers[name]) for name in sorted(callers)]


def _listing(plugins: Plugins, name: str, caller: Any) -> HookListing:  # noqa: ANN401
    spec = caller.spec
    first_wins = bool(spec.opts["firstresult"])
    answers: list[HookAnswer] = []
    won = False
    for implementation in reversed(caller.get_hookimpls()):
        if implementation.wrapper or implementation.hookwrapper:
            role = "wraps"
        elif first_wins:
            role, won = "fallback" if won else "wins", True
        else:
            role = "counts"
        source = plugins.source_of(implementation.plugin_name)
        own = source.packl in OWN
        answers.append(
            HookAnswer(implementation.plugin_name, source.packl, source.version, role, own)
        )
    return HookListing(
        name=name,
        place=spec.namespace.__name__.rpartition(".")[2],
        first_wins=first_wins,
        summary=(inspect.getdoc(spec.function) or "").partition("\n")[0],
        answers=tuple(answers),
    )
