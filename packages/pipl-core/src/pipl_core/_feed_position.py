"""How far a project's event feed goes, asked as quickly as possible.

Importing the client that everything else uses takes longer than all of starting a program.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ._project_file import RELEASE_INDEX

SECONDS = 3.0
"""A server that does not answer in that time must not keep anybody from starting a tool."""


@dataclass(frozen=True)
class FeedPosition:
    """The newest event of a server.

    Attributes:
        server: Identity of the server.
        event: Number of its newest event.
    """

    server: str
    event: int


def feed_position(address: str) -> FeedPosition | None:
    """Return the newest event of a server; None where it does not answer."""
    data = _get(address, "/+pipl/status")
    try:
        return FeedPosition(str(data["server"]), int(data["last_event"]))
    except (KeyError, TypeError, ValueError):
        return None


def released_since(address: str, event: int) -> bool:
    """Tell whether anything was released after an event; true where the server does not tell."""
    data = _get(address, f"/+pipl/events?since={event}&limit=5000")
    try:
        return any(each["index"] == RELEASE_INDEX for each in data["events"])
    except (KeyError, TypeError):
        return True


def _get(address: str, path: str) -> dict[str, Any]:
    import http.client

    parts = urlsplit(address)
    try:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            data = json.loads(connection.getresponse().read())
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    return data if isinstance(data, dict) else {}
