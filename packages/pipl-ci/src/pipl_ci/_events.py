"""The event source that follows a project's server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pipl_core.index import IndexClient
from pipl_hooks import Event, shapes
from pipl_hooks.events import FORMAT

from .errors import CiError

T = TypeVar("T")


class EventFeed:
    """Follows `/+pipl/events` of a server.

    Args:
        address: Address of the server.
    """

    def __init__(self, address: str) -> None:
        self._client = IndexClient(address)

    def server(self) -> str:
        """Return the server's uuid."""
        return self._said("server", shapes.text)

    def newest(self) -> int:
        """Return the number of the newest event."""
        return self._said("last_event", shapes.number)

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
        try:
            rows = shapes.rows(answer["events"], "events")
        except (KeyError, TypeError) as error:
            raise self._nonsense(error) from error
        return [Event.from_json(row) for row in rows]

    def _said(self, key: str, shape: Callable[[object, str], T]) -> T:
        try:
            return shape(self._client.status()[key], key)
        except (KeyError, TypeError, ValueError) as error:
            raise self._nonsense(error) from error

    def _nonsense(self, error: Exception) -> CiError:
        msg = f"The event feed of {self._client.address} gave an answer that makes no sense."
        hint = "Does the server have pipl-server, in a version that goes together with pipl-ci?"
        return CiError(msg, context=f"{error!r:.500}", hint=hint)
