"""The event source that follows a project's server."""

from __future__ import annotations

from collections.abc import Sequence

from pipl_core.index import IndexClient
from pipl_hooks import Event
from pipl_hooks.events import FORMAT

from .errors import CiError


class EventFeed:
    """Follows `/+pipl/events` of a server.

    Args:
        address: Address of the server.
    """

    def __init__(self, address: str) -> None:
        self._client = IndexClient(address)

    def server(self) -> str:
        """Return the server's uuid."""
        return str(self._client.status()["server"])

    def newest(self) -> int:
        """Return the number of the newest event."""
        return int(self._client.status()["last_event"])

    def events(self, since: int, wait: float) -> Sequence[Event]:
        """Return what came after `since`, waiting up to `wait` seconds for the first.

        Raises:
            CiError: The server speaks another version of the feed.
            ServerError: The server does not answer.
        """
        answer = self._client.events(since, wait)
        if answer.get("format") != FORMAT:
            msg = f"The server's event feed has the format {answer.get('format')!r}."
            raise CiError(msg, hint=f"These handlers know format {FORMAT}; update pipl-ci.")
        return [Event.from_json(event) for event in answer["events"]]
