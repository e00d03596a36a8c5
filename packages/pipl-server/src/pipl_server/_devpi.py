"""Everything that pipl-server knows about the inside of devpi-server.

Read against devpi-server 6.20.3. Where its behaviour matters, the comment names the place in its
source. The protocols list all that is used of its objects, and nothing else may be.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from pipl_hooks import Event, EventFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyramid.config import Configurator

TESTED_VERSION = "6.20.3"
"""The devpi-server whose source this module was read and tested against."""

_SQLITE_BACKENDS = frozenset({"sqlite", "sqlite_db_files"})

_PAUSES = (0.02, 0.1, 0.5)
"""Seconds that the notifier pauses for a file, before it pauses as long as devpi wants."""

RELEASE_FILE = "releasefile"
"""What a link of a release file says that it is (model.py, `Rel`), beside "doczip", "toxresult"."""

_ARRIVALS = frozenset({"upload", "push"})  # views.py: also "overwrite", which precedes an "upload"


class _Transaction(Protocol):
    at_serial: int


class _Thread(Protocol):
    sleep: Callable[[float], None]


class _Notifier(Protocol):
    thread: _Thread

    def read_event_serial(self) -> int: ...


class _KeyFS(Protocol):
    notifier: _Notifier

    @property
    def tx(self) -> _Transaction: ...
    def get_current_serial(self) -> int: ...


class _Config(Protocol):
    server_path: Path
    nodeinfo: Mapping[str, str]


class XOM(Protocol):
    """devpi's root object, of which there is one for each server (main.py)."""

    config: _Config
    keyfs: _KeyFS
    model: Any

    def is_replica(self) -> bool:
        """Return whether this server copies another one."""


class Stage(Protocol):
    """An index (model.py, `BaseStage`)."""

    xom: XOM
    name: str
    ixconfig: Mapping[str, Any]


class _Entry(Protocol):
    def file_size(self) -> int | None: ...


class Link(Protocol):
    """A file of a release (model.py, `ELink`)."""

    rel: str | None
    basename: str
    relpath: str
    best_available_hash_spec: str | None
    entry: _Entry

    def get_logs(self) -> Sequence[Mapping[str, Any]]:
        """Return what happened to the file, oldest first."""


class Server:
    """What the feed tells of its server.

    Args:
        xom: devpi's root object.
    """

    def __init__(self, xom: XOM) -> None:
        self._xom = xom

    @property
    def uuid(self) -> str:
        """Identity of the server, which an import from a backup can change."""
        return self._xom.config.nodeinfo["uuid"]

    @property
    def serial(self) -> int:
        """Serial of the last transaction."""
        return self._xom.keyfs.get_current_serial()

    @property
    def devpi_version(self) -> str:
        """Version of devpi-server."""
        return version_of("devpi-server")


def xom_of(pyramid_config: Configurator) -> XOM:
    """Return devpi's root object, which `XOM.create_app` registers before it calls plugins."""
    return cast("XOM", pyramid_config.registry["xom"])


def keeps_feed(xom: XOM) -> bool:
    """Return whether events are recorded here.

    A replica runs the same hooks for what it copies. `is_primary` would not do: it is false for a
    server that was started without a role.
    """
    return not xom.is_replica()


def server_folder(xom: XOM) -> Path:
    """Return the folder with the server's data."""
    return Path(xom.config.server_path)


def hurry_notifier(xom: XOM) -> None:
    """Make the notifier look again soon for a file that is not in its place yet.

    devpi wakes the notifier when a transaction is in its database, and only then moves the
    transaction's files to their places (keyfs.py, `Transaction.commit`). When the notifier is
    faster, it finds a file missing and pauses 5 seconds (`TxNotificationThread.thread_run`), and
    every event after it comes that late. It was measured at one in ten to thirty uploads.

    Args:
        xom: devpi's root object.
    """
    notifier = xom.keyfs.notifier
    thread = getattr(notifier, "thread", None)
    if thread is None:  # `--requests-only`
        return
    devpis_sleep = thread.sleep
    serial, pauses = -1, iter(_PAUSES)

    def sleep(seconds: float) -> None:
        nonlocal serial, pauses
        if (now_at := notifier.read_event_serial()) != serial:
            serial, pauses = now_at, iter(_PAUSES)
        pause = next(pauses, None)
        if pause is None:
            devpis_sleep(seconds)
        else:
            time.sleep(pause)

    thread.sleep = sleep


def with_recovery(storages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make devpi's SQLite storage start after it was killed in the middle of a commit.

    SQLite then leaves a journal, and who opens the database next rolls the commit back. devpi
    opens it for reading first (keyfs_sqlite.py, `ensure_tables_exist`), which cannot do that, and
    so it refuses to start: `attempt to write a readonly database`, as in devpi's issue 952.

    Args:
        storages: What devpi's storage plugins offer.
    """
    return [
        {**storage, "storage": _recovering(storage["storage"])}
        if storage["name"] in _SQLITE_BACKENDS
        else storage
        for storage in storages
    ]


def roll_back_interrupted_commit(database: Path) -> None:
    """Let SQLite finish what a killed process left; safe while other processes use the database."""
    if not database.with_name(f"{database.name}-journal").exists():
        return
    uri = f"{database.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _recovering(storage: Any) -> type:  # noqa: ANN401 - a class of devpi's, which has no types
    class RecoveringStorage(storage):
        def ensure_tables_exist(self) -> None:
            roll_back_interrupted_commit(Path(self.sqlpath))
            super().ensure_tables_exist()

    return RecoveringStorage


def event_of(stage: Stage, project: str, version: str, link: Link) -> Event | None:
    """Return the event that a call of `devpiserver_on_upload` is about.

    It needs the notifier's transaction, which is opened at the serial that brought the file
    (model.py, `EventSubscribers.on_changed_file_entry`).

    Args:
        stage: Index in which the file arrived.
        project: Normalized name of its project.
        version: Its version.
        link: The file.

    Returns:
        The event without its place in the feed, as id 0; `None` for what is no release file, or
        not in an index of the project's own. The size of a file that was removed since is 0.
    """
    if link.rel != RELEASE_FILE or stage.ixconfig["type"] == "mirror":
        return None
    # There is no arrival when another plugin's `devpiserver_on_upload_sync` fails, because devpi
    # commits the file then without noting who uploaded it (views.py, `submit`).
    arrival: Mapping[str, Any] = next(reversed(arrivals(link)), {})
    kind = str(arrival.get("what", "upload"))
    return event_from_log(stage, project, version, link, kind, arrival)


def description_of(stage: Stage, project: str, version: str, link: Link) -> dict[str, object]:
    """Return what identifies a file, from what cannot fail, for the server's log."""
    return {
        "index": getattr(stage, "name", None),
        "project": project,
        "version": version,
        "path": getattr(link, "relpath", None),
        "serial": getattr(getattr(stage.xom.keyfs, "tx", None), "at_serial", None),
    }


def arrivals(link: Link) -> list[Mapping[str, Any]]:
    """Return the uploads and pushes in the link's log, which a push copies and continues."""
    return [log for log in link.get_logs() if log.get("what") in _ARRIVALS]


def time_of(log: Mapping[str, Any]) -> datetime | None:
    """Return the time of a link's log entry, which devpi keeps as six numbers in UTC."""
    if when := log.get("when"):
        year, month, day, hour, minute, second = when
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return None


def event_from_log(
    stage: Stage, project: str, version: str, link: Link, kind: str, log: Mapping[str, Any]
) -> Event:
    """Return the event that an entry in a link's log is about, as id 0."""
    return Event(
        id=0,
        serial=stage.xom.keyfs.tx.at_serial,
        kind=kind,
        index=stage.name,
        project=project,
        version=version,
        file=EventFile(
            name=link.basename,
            path=link.relpath,
            digest=(link.best_available_hash_spec or "").replace("=", ":", 1),
            size=link.entry.file_size() or 0,
        ),
        user=log.get("who"),
        source=log.get("src"),
        time=(time_of(log) or datetime.now(UTC)).isoformat("T", "seconds"),
        reason=log.get("reason"),
    )
