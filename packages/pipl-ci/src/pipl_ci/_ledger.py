"""The ledger: which runs are wanted, and how they ended. SQLite, one file per project."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from .errors import CiError

if TYPE_CHECKING:
    from pipl_core import Project
    from pipl_hooks import Event, Outcome

State = Literal["queued", "running", "passed", "failed", "cancelled"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS follower (
    one INTEGER PRIMARY KEY CHECK (one = 1), server TEXT NOT NULL, since INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY,
    stage TEXT NOT NULL, "index" TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    file TEXT NOT NULL, digest TEXT NOT NULL, handler TEXT NOT NULL,
    state TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 1,
    summary TEXT NOT NULL DEFAULT '', products TEXT NOT NULL DEFAULT '[]',
    created TEXT NOT NULL, started TEXT, ended TEXT,
    UNIQUE (stage, name, version, digest)
);
CREATE INDEX IF NOT EXISTS run_by_state ON run (state);
CREATE INDEX IF NOT EXISTS run_by_name ON run (name, version);
"""


@dataclass(frozen=True)
class Run:
    """One handler's work on one packl in one stage.

    Attributes:
        id: Number of the run.
        stage: Stage in which the packl arrived.
        index: Index of that stage.
        name: Normalized name of the packl.
        version: Its version.
        file: Path of its wheel on the server.
        digest: Digest of its wheel.
        handler: Name of the handler.
        state: `queued`, `running`, `passed`, `failed` or `cancelled`.
        attempt: How often it was tried.
        summary: How it ended, as one sentence.
        products: Products that it released, `name==version`.
        created: When it was wanted, ISO 8601 in UTC.
        started: When the last attempt started.
        ended: When it ended.
        log: File with what the last attempt said.
    """

    id: int
    stage: str
    index: str
    name: str
    version: str
    file: str
    digest: str
    handler: str
    state: State
    attempt: int
    summary: str
    products: tuple[str, ...]
    created: str
    started: str | None
    ended: str | None
    log: Path


@dataclass(frozen=True)
class _Result:
    rows: list[sqlite3.Row]
    rowcount: int


class Ledger:
    """The runs of a project.

    Any number of processes may have it open; each change is one transaction.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self.folder = project.system / "handlers"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        path = self.folder / "ledger.sqlite"
        try:
            self._database = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._database.row_factory = sqlite3.Row
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_SCHEMA)
        except sqlite3.Error as error:
            msg = f"The ledger {path} cannot be opened."
            hint = "Check free space and permissions; the server's event feed can fill a new one."
            raise CiError(msg, context=str(error), hint=hint) from error

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._database.close()

    # -- following the events ------------------------------------------------------------------

    def position(self, server: str) -> int:
        """Return up to where the events of a server have been handled.

        Raises:
            CiError: The events that were handled are those of another server.
        """
        rows = self._execute("SELECT server, since FROM follower").rows
        if not rows:
            return 0
        row = rows[0]
        if row["server"] != server:
            msg = "The project's server is another one than the one whose events were handled."
            context = f"It was {row['server']}, and is {server}: it was made anew, or restored."
            hint = f"If that is right, move {self.folder} away; the handlers then begin anew."
            raise CiError(msg, context=context, hint=hint)
        return int(row["since"])

    @contextlib.contextmanager
    def handling(self, server: str, since: int) -> Iterator[None]:
        """Record events as handled together with the runs that they made, or neither."""
        with self._transaction():
            yield
            self._execute(
                "INSERT INTO follower VALUES (1, ?, ?) "
                "ON CONFLICT (one) DO UPDATE SET server = excluded.server, since = excluded.since",
                (server, since),
            )

    def want(self, event: Event, stage: str, handler: str) -> bool:
        """Want a run for an event, and tell whether there is anything to do.

        Whoever publishes the same bytes again wants what failed on them, in whichever stage, to
        be done again.
        """
        wanted = self._execute(
            'INSERT INTO run (stage, "index", name, version, file, digest, handler, state, created)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?) ON CONFLICT DO NOTHING",
            (
                *(stage, event.index, event.project, event.version),
                *(event.file.path, event.file.digest, handler, _now()),
            ),
        )
        if wanted.rowcount == 0:
            wanted = self._execute(
                "UPDATE run SET state = 'queued', attempt = attempt + 1, ended = NULL, summary = ''"
                " WHERE name = ? AND version = ? AND digest = ?"
                " AND state IN ('failed', 'cancelled')",
                (event.project, event.version, event.file.digest),
            )
        return wanted.rowcount > 0

    # -- runs ----------------------------------------------------------------------------------

    def runs(
        self, name: str | None = None, limit: int = 50, version: str | None = None
    ) -> list[Run]:
        """List runs, the newest first.

        Args:
            name: Only those of this packl.
            limit: At most so many.
            version: Only those of this version.
        """
        from pipl_hooks import normalized_name

        found = self._execute(
            "SELECT * FROM run WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR version = ?2)"
            " ORDER BY id DESC LIMIT ?3",
            (normalized_name(name) if name else None, version, limit),
        )
        return [self._run(row) for row in found.rows]

    def run(self, number: int) -> Run:
        """Return one run.

        Raises:
            CiError: There is none of that number.
        """
        known = 0 < number < 2**63  # SQLite's largest integer
        rows = self._execute("SELECT * FROM run WHERE id = ?", (number,)).rows if known else []
        if not rows:
            msg = f"There is no run {number}."
            raise CiError(msg, hint="`pipl ci status` lists the runs.")
        return self._run(rows[0])

    def queued(self) -> list[int]:
        """List the numbers of the runs that wait, the oldest first."""
        found = self._execute("SELECT id FROM run WHERE state = 'queued' ORDER BY id")
        return [row["id"] for row in found.rows]

    def start(self, number: int) -> Run | None:
        """Start a run that waits; None where it does not wait any more."""
        cursor = self._execute(
            "UPDATE run SET state = 'running', started = ?, ended = NULL, summary = ''"
            " WHERE id = ? AND state = 'queued'",
            (_now(), number),
        )
        return self.run(number) if cursor.rowcount == 1 else None

    def end(self, number: int, outcome: Outcome) -> None:
        """Record how a run ended; one that was cancelled meanwhile stays cancelled."""
        state = "passed" if outcome.passed else "failed"
        self._execute(
            "UPDATE run SET state = ?, summary = ?, products = ?, ended = ?"
            " WHERE id = ? AND state = 'running'",
            (state, outcome.summary, json.dumps(list(outcome.products)), _now(), number),
        )

    def requeue_running(self) -> int:
        """Have runs done again whose worker is gone; only for the one conductor, at its start."""
        cursor = self._execute(
            "UPDATE run SET state = 'queued', attempt = attempt + 1, summary = '' WHERE state = 'running'"
        )
        return cursor.rowcount

    def retry(self, number: int) -> Run:
        """Have a run that failed or was cancelled done again.

        Raises:
            CiError: It is under way, or has passed.
        """
        run = self.run(number)
        if run.state not in {"failed", "cancelled"}:
            msg = f"The run {number} of {run.name} {run.version} cannot be tried again: it is {run.state}."
            raise CiError(msg, hint="Only what failed or was cancelled can.")
        self._execute(
            "UPDATE run SET state = 'queued', attempt = attempt + 1, ended = NULL, summary = '' WHERE id = ?",
            (number,),
        )
        return self.run(number)

    def cancel(self, number: int) -> Run:
        """Keep a run from starting, or from going on to the next stage.

        Raises:
            CiError: It has ended.
        """
        self.run(number)
        cursor = self._execute(
            "UPDATE run SET state = 'cancelled', summary = 'Cancelled.', ended = ?"
            " WHERE id = ? AND state IN ('queued', 'running')",
            (_now(), number),
        )
        run = self.run(number)
        if cursor.rowcount == 0:
            msg = f"The run {number} of {run.name} {run.version} cannot be cancelled: it is {run.state}."
            raise CiError(msg, hint="Only what waits or is under way can.")
        return run

    def _execute(self, sql: str, values: tuple[object, ...] = ()) -> _Result:
        try:
            with self._lock:
                cursor = self._database.execute(sql, values)
                return _Result(cursor.fetchall(), cursor.rowcount)
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            msg = f"The ledger in {self.folder} cannot be used."
            hint = "Check free space and permissions, then do it again."
            raise CiError(msg, context=str(error), hint=hint) from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        # The lock is held to the end, so that what other threads write is never part of it.
        with self._lock:
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._execute("ROLLBACK")
                raise
            self._execute("COMMIT")

    def _run(self, row: sqlite3.Row) -> Run:
        fields = {name: row[name] for name in row.keys()}  # noqa: SIM118  a Row is no mapping
        fields["products"] = tuple(json.loads(fields["products"]))
        return Run(**fields, log=self.folder / "logs" / f"{row['id']}-{row['attempt']}.log")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
