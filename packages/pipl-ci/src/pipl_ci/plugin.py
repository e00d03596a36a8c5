"""pipl's own answers to the hooks of handlers; a studio's always win over them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipl_hooks import EventSource, Handler, Runner, hookimpl


@hookimpl(trylast=True)
def pipl_companions(project: Path) -> Iterable[Sequence[str]]:
    """Run the handlers beside the server."""
    return [[sys.executable, "-m", "pipl_ci", str(project)]]


@hookimpl(trylast=True)
def pipl_event_source(address: str) -> EventSource:
    """Follow the server's event feed."""
    from ._events import EventFeed

    return EventFeed(address)


@hookimpl(trylast=True)
def pipl_runner(name: str, perform: Callable[[int], None]) -> Runner | None:
    """Give the runner `local`."""
    from ._runner import LocalRunner

    return LocalRunner(perform) if name == "local" else None


@hookimpl(trylast=True)
def pipl_handler(name: str) -> Handler | None:
    """Give the handlers `qa` and `process`."""
    if name == "qa":
        from ._qa import QaHandler

        return QaHandler()
    if name == "process":
        from ._process import ProcessHandler

        return ProcessHandler()
    return None
