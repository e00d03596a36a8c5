"""The addresses `/+pipl/events` and `/+pipl/status`."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Protocol

from pyramid.response import Response

from pipl_hooks.events import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyramid.config import Configurator
    from pyramid.request import Request

    from ._event_log import EventLog

MAX_WAIT = 60.0
DEFAULT_LIMIT = 500
MAX_LIMIT = 5000
_MAX_ID = 2**63 - 1  # SQLite's largest integer
_BUSY_SECONDS = 1


class Server(Protocol):
    """What the answers tell of the server."""

    @property
    def uuid(self) -> str:
        """Its identity."""

    @property
    def serial(self) -> int:
        """Serial of its last transaction."""

    @property
    def devpi_version(self) -> str:
        """Version of devpi-server."""


@dataclass(frozen=True)
class Query:
    """What a follower asks for.

    Attributes:
        since: Id of the last event that it knows.
        wait: Seconds to wait for an event.
        limit: How many events it takes at most.
    """

    since: int = 0
    wait: float = 0.0
    limit: int = DEFAULT_LIMIT

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Query:
        """Read an address's parameters; too much of `wait` and `limit` is cut.

        Raises:
            ValueError: One makes no sense. The message names it.
        """
        since = _whole(params, "since", cls.since, least=0)
        wait = _seconds(params, "wait", cls.wait)
        limit = _whole(params, "limit", cls.limit, least=1)
        return cls(since=since, wait=min(wait, MAX_WAIT), limit=min(limit, MAX_LIMIT))


class FeedViews:
    """The answers.

    Args:
        log: The events.
        server: What is told of the server.
    """

    def __init__(self, log: EventLog, server: Server) -> None:
        self._log = log
        self._server = server

    def events(self, request: Request) -> Response:
        """Return the events after one, or wait for them.

        devpi opens a read transaction around every view. The waiting therefore happens while the
        body is sent, when that transaction is closed, as in devpi's own stream for replicas
        (devpi_server/replica.py, `get_streaming_changes`).
        """
        try:
            query = Query.from_params(request.GET)
        except ValueError as error:
            return _response({"message": str(error)}, status=400)
        busy = self._log.is_crowded
        if query.wait and not busy and self._log.last_id() <= query.since:
            headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
            return Response(headerlist=headers, app_iter=self._wait_then_answer(query))
        response = _response(self._answer(query))
        if query.wait and busy:
            # Without it, a follower that is not allowed to wait would ask again at once.
            response.headers["Retry-After"] = str(_BUSY_SECONDS)
        return response

    def status(self, request: Request) -> Response:
        """Return what and where this server is, and how far its feed goes."""
        del request
        return _response(
            {
                "format": FORMAT,
                "server": self._server.uuid,
                "version": version_of("pipl-server"),
                "devpi": self._server.devpi_version,
                "serial": self._server.serial,
                "last_event": self._log.last_id(),
            }
        )

    def _wait_then_answer(self, query: Query) -> Iterator[bytes]:
        self._log.wait(query.since, query.wait)
        yield _to_bytes(self._answer(query))

    def _answer(self, query: Query) -> dict[str, object]:
        events = self._log.read(query.since, query.limit)
        return {
            "format": FORMAT,
            "server": self._server.uuid,
            "events": [event.to_json() for event in events],
            "next": events[-1].id if events else query.since,
        }


def add_views(pyramid_config: Configurator, log: EventLog, server: Server) -> None:
    """Add the two addresses; devpi keeps what starts with `/+` free from users and indexes.

    Args:
        pyramid_config: Where they are added.
        log: The events.
        server: What is told of the server.
    """
    views = FeedViews(log, server)
    for route, view in {"/+pipl/events": views.events, "/+pipl/status": views.status}.items():
        pyramid_config.add_route(route, route)
        pyramid_config.add_view(view, route_name=route, request_method="GET")


def _whole(params: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    """Return a parameter that is a whole number, which SQLite can hold."""
    try:
        value = int(params.get(name, default))
    except ValueError:
        value = least - 1
    if not least <= value <= _MAX_ID:
        msg = f"{name} must be a whole number from {least} to {_MAX_ID}"
        raise ValueError(msg)
    return value


def _seconds(params: Mapping[str, str], name: str, default: float) -> float:
    """Return a parameter that is a finite number of seconds."""
    try:
        value = float(params.get(name, default))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        msg = f"{name} must be a number of seconds, 0 or more"
        raise ValueError(msg)
    return value


def _response(data: dict[str, object], *, status: int = 200) -> Response:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Response(body=_to_bytes(data), status=status, headerlist=headers)


def _to_bytes(data: dict[str, object]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()
