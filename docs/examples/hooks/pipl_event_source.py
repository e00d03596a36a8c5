"""Let the handlers pass by what a robot uploads."""

from __future__ import annotations

from collections.abc import Sequence

from pipl_ci import EventFeed
from pipl_hooks import Event, EventSource, hookimpl


class QuietFeed(EventFeed):
    """The server's event feed, without packls whose names begin with `robot`."""

    def events(self, since: int, wait: float) -> Sequence[Event]:
        """Leave them out."""
        found = super().events(since, wait)
        return [event for event in found if not event.project.startswith("robot")]


@hookimpl
def pipl_event_source(address: str) -> EventSource:
    """Give that feed."""
    return QuietFeed(address)
