"""The handlers of pipl: publications are tested, promoted and processed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._conductor import conduct, handlers_run
    from ._events import EventFeed
    from ._follow import follow
    from ._ledger import Ledger, Run
    from ._runner import LocalRunner
    from .errors import CiError

__all__ = [
    "CiError",
    "EventFeed",
    "Ledger",
    "LocalRunner",
    "Run",
    "conduct",
    "follow",
    "handlers_run",
]

# Imported when they are first used, since each start of `pipl` loads our plugin.
_HOMES = {
    "CiError": "errors",
    "EventFeed": "_events",
    "Ledger": "_ledger",
    "LocalRunner": "_runner",
    "Run": "_ledger",
    "conduct": "_conductor",
    "follow": "_follow",
    "handlers_run": "_conductor",
}


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what may be imported."""
    return __all__
