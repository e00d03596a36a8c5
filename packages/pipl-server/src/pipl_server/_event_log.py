"""The events in their order, in an SQLite database beside the server."""

from __future__ import annotations

import functools
import json
import logging
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from pipl_hooks import Event, PiplError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "pipl-events.sqlite"
"""Name of the database in the server's folder."""

MAX_WAITING = 20
"""How many may wait at once: each holds one of the 50 threads that devpi answers requests with."""

MAX_RETRY = 30.0
"""Seconds between tries to write that fail again and again."""

_FORMAT = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    serial INTEGER NOT NULL,
    "index" TEXT NOT NULL,
    filename TEXT NOT NULL,
    digest TEXT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (serial, "index", filename, digest)
)
"""
# Rows are never deleted, and there is one writer, so SQLite's next id is the last one plus one.
# AUTOINCREMENT would leave gaps where a replayed event is ignored.
_INSERT = """
INSERT OR IGNORE INTO event (serial, "index", filename, digest, event) VALUES (?, ?, ?, ?, ?)
"""

_logger = logging.getLogger(__name__)


class EventLog:
    """The feed's memory, safe to use from several threads.

    One condition guards the connection and wakes those who wait. Another process can write to the
    same file (devpi answers requests in several with `--requests-only`), so they also look again
    from time to time.

    Args:
        path: The database, which is created where it is missing.
        max_waiting: How many may wait at once.
        look_again: Seconds after which those who wait look at the database again.
        retry: Seconds after which `append` tries again; twice as many each time it fails again.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_waiting: int = MAX_WAITING,
        look_again: float = 1.0,
        retry: float = 1.0,
    ) -> None:
        self._path = path
        self._max_waiting = max_waiting
        self._look_again = look_again
        self._retry = retry
        self._changed = threading.Condition()
        self._waiting = 0
        self._connection = _connect(path)

    def append(self, event: Event) -> bool:
        """Add an event at the end, and return when it will outlive a crash of the machine.

        While the database cannot be written, because the disk is full for example, this tries
        again: devpi keeps uploads meanwhile, and asks again after a restart, so nothing is lost.

        Args:
            event: The event, whose id is ignored.

        Returns:
            Whether it is new: devpi may tell the same twice.
        """
        data = event.to_json()
        del data["id"]
        # An import brings a file and its yank at once. Events of before there were yanks keep
        # their keys.
        name = event.file.name if event.is_arrival else f"{event.kind} {event.file.name}"
        key = (event.serial, event.index, name, event.file.digest)
        row = (*key, json.dumps(data, ensure_ascii=False))
        pause = self._retry
        while True:
            try:
                with self._changed:
                    is_new = self._connection.execute(_INSERT, row).rowcount == 1
                    self._changed.notify_all()
            except sqlite3.OperationalError:
                _logger.exception("The event feed waits for %s: %s", self._path, event)
                time.sleep(pause)
                pause = min(2 * pause, MAX_RETRY)
            else:
                return is_new

    def read(self, since: int, limit: int) -> list[Event]:
        """Return events in their order.

        Args:
            since: Id after which to begin.
            limit: How many to return at most.
        """
        query = "SELECT id, event FROM event WHERE id > ? ORDER BY id LIMIT ?"
        with self._changed:
            rows = self._connection.execute(query, (since, limit)).fetchall()
        return [Event.from_json({**json.loads(data), "id": id_}) for id_, data in rows]

    def last_id(self) -> int:
        """Return the id of the last event, or 0."""
        with self._changed:
            (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
        return int(last)

    @property
    def is_crowded(self) -> bool:
        """Whether as many wait as may."""
        return self._waiting >= self._max_waiting

    def wait(self, since: int, seconds: float) -> bool:
        """Wait until there is an event.

        Args:
            since: Id of the last event that is known.
            seconds: How long to wait at most. When too many wait already, this returns at once.

        Returns:
            Whether there is one.
        """
        end = time.monotonic() + seconds
        with self._changed:
            if self.is_crowded:
                return self.last_id() > since
            self._waiting += 1
            try:
                while not (found := self.last_id() > since):
                    left = end - time.monotonic()
                    if left <= 0:
                        break
                    self._changed.wait(min(left, self._look_again))
            finally:
                self._waiting -= 1
        return found

    def close(self) -> None:
        """Close the database."""
        with self._changed:
            self._connection.close()


@functools.cache
def event_log_in(folder: Path) -> EventLog:
    """Return the process's one event log in a server's folder."""
    return EventLog(folder / FILE_NAME)


def _connect(path: Path) -> sqlite3.Connection:
    """Open a database in which a commit is on the disk when it returns.

    Raises:
        PiplError: A later pipl-server wrote it.
    """
    # No isolation level: each statement is its own transaction.
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        (version,) = cursor.fetchone()
    if version > _FORMAT:
        connection.close()
        msg = f"The event feed {path} has format {version}, which is not known here."
        raise PiplError(msg, hint="Update pipl-server in the server's environment.")
    connection.execute(_TABLE)
    connection.execute(f"PRAGMA user_version = {_FORMAT}")
    return connection
