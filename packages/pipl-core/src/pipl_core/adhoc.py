"""Environments for ad hoc requests: made when first asked for, and again when others fit better.

They lie in the user's cache folder and belong to no workspace. Each request has a folder with a
record and the virtualenvs that were made for it: one that is in use is never changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ._feed_position import FeedPosition, feed_position, released_since
from ._files import explained, write_text
from .environments import VirtualEnvironment, check_no_address
from .errors import CoreError, InstallError, ServerError
from .moments import end_of, parsed_moment

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .project import Project

FORMAT = 1
RECORD_FILE = "request.json"
LOCK_FILE = "pylock.toml"

UNUSED_AFTER = 30 * 24 * 3600.0
"""Seconds after which an environment that nobody used goes, when another one is made."""

BUSY_AFTER = 600.0
"""Seconds to wait for somebody who makes the same environment, from packages as big as ours."""


@dataclass(frozen=True)
class AdHocEnvironment:
    """An environment for a request.

    Attributes:
        environment: The environment.
        warning: What a person should know of it; empty where all is well.
    """

    environment: VirtualEnvironment
    warning: str = ""


@dataclass(frozen=True)
class _Record:
    """What is known of a request: the codec of `request.json`.

    Attributes:
        requirements: What was asked for.
        made: Folder of the newest virtualenv, beside the record.
        lock: Digest of what is installed in it.
        server: Server that was asked.
        event: Its newest event then.
    """

    requirements: list[str]
    made: str
    lock: str
    server: str
    event: int

    def to_text(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> _Record | None:
        """Read a record; None where there is none, or one of another pipl."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] == FORMAT:
                return cls(**{name: data[name] for name in cls.__dataclass_fields__})
        return None


def adhoc_environment(
    project: Project,
    requirements: Sequence[str],
    *,
    python: str | None = None,
    upgrade: bool = False,
    at: str | None = None,
    progress: Progress = lambda _: None,
) -> AdHocEnvironment:
    """Return an environment with the project's pipeline and what is required.

    It is there at once where the same was asked before and nothing was released since. The
    request is resolved again when something was: what fits better goes into a new virtualenv.

    Args:
        project: The project.
        requirements: PEP 508 requirements.
        python: Interpreter: a path, or a version such as `3.11`; that of the tool where None.
        upgrade: Resolve again in any case; what third parties release is noticed by this alone.
        at: Take only what had been released by then, see `parsed_moment`; it is not resolved again
            when something is released, since nothing can be added to the past.
        progress: Called with each step.

    Raises:
        InstallError: A requirement makes no sense, or they do not go together.
        ServerError: The server does not run, and this was never asked before.
        CoreError: The virtualenv could not be made, or `at` is no moment.
    """
    request = _Request(project, sorted({*requirements}), python, at)
    record = request.record()
    for requirement in requirements if record is None else ():
        check_no_address(requirement)
    position = feed_position(project.address)
    if record is None and position is None:
        msg = f"No server answers at {project.address}."
        hint = "Start it: `pipl proj start`. What was asked for before starts without it."
        raise ServerError(msg, hint=hint)
    if record is not None and position is None:
        request.use(record)
        warning = (
            f"no server answers at {project.address}: "
            "this is the environment as it was made last, and may not be the newest."
        )
        return AdHocEnvironment(request.environment(record), warning)
    assert position is not None  # noqa: S101  both cases without one have returned
    if record is None or upgrade or request.is_old(record, position):
        with request.changing():
            record = request.renewed(position, request.record(), progress)
    elif record.event != position.event:
        record = request.keep(record, position)
    request.use(record)
    return AdHocEnvironment(request.environment(record))


def adhoc_folder() -> Path:
    """Return the folder of all environments for ad hoc requests, in the user's cache folder."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform == "linux" and named.startswith("/"):
        return Path(named) / "pipl" / "environments"
    if sys.platform == "linux" and not named:
        # As platformdirs does; to import it would take a tenth of the time to start a tool.
        return Path.home() / ".cache" / "pipl" / "environments"
    import platformdirs

    return platformdirs.user_cache_path("pipl") / "environments"


class _Request:
    def __init__(
        self, project: Project, requirements: list[str], python: str | None, at: str | None
    ) -> None:
        self.project = project
        self.requirements = requirements
        self.python = python
        self.wanted = [*project.config.pipeline, *requirements]
        self.constraints = project.config.constraints
        # The interpreter of the tool counts, too: another one cannot run the same virtualenv.
        said = [str(project.folder), *self.wanted, python or sys.executable]
        if self.constraints:
            said.append(f"constraints {' '.join(self.constraints)}")
        self.moment = parsed_moment(at) if at else None
        if self.moment:
            said.append(f"at {self.moment}")
        digest = hashlib.sha256("\0".join(said).encode()).hexdigest()
        self.folder = adhoc_folder() / digest[:16]

    def record(self) -> _Record | None:
        """Return what is known of it; None where nothing stands."""
        record = _Record.read(self.folder / RECORD_FILE)
        return record if record and self.environment(record).exists else None

    def is_old(self, record: _Record, position: FeedPosition) -> bool:
        """Tell whether something else may fit since it was made."""
        if record.server != position.server or record.event > position.event:
            return True  # another server, or one that was restored from a back-up
        if self.moment or record.event == position.event:
            return False
        return released_since(self.project.address, record.event)

    def environment(self, record: _Record) -> VirtualEnvironment:
        """Return its virtualenv."""
        return VirtualEnvironment(self.folder / record.made / ".venv", self.project)

    def use(self, record: _Record) -> None:
        """Take note that it is used, and bring in what the project's configuration says now."""
        with contextlib.suppress(OSError):
            os.utime(self.folder / RECORD_FILE)
        environment = self.environment(record)
        if not environment.is_told:
            with self.changing():
                environment.refresh()

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Keep others from making the same at the same time."""
        import filelock

        with explained(f"The environment {self.folder} could not be made."):
            self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.folder / ".lock", timeout=BUSY_AFTER):
                yield
        except filelock.Timeout as error:
            msg = f"Another command makes the environment of {', '.join(self.requirements)}."
            raise CoreError(msg, hint="Wait until it is done, then do it again.") from error

    def keep(self, record: _Record, position: FeedPosition) -> _Record:
        """Take note that nothing has to be done up to a position of the feed."""
        fields = {**asdict(record), "server": position.server, "event": position.event}
        record = _Record(**fields)
        write_text(self.folder / RECORD_FILE, record.to_text())
        return record

    def renewed(
        self, position: FeedPosition, before: _Record | None, progress: Progress
    ) -> _Record:
        """Resolve the request, and make a virtualenv where another one than before comes out."""
        progress(f"Resolving {', '.join(self.requirements)}")
        made = str(int(before.made) + 1) if before else _next(self.folder)
        folder = self.folder / made
        environment = VirtualEnvironment(folder / ".venv", self.project)
        try:
            if before is None:
                environment.create(self.python)
            python = self.environment(before).python if before else environment.python
            lock = self._lock(python)
            digest = hashlib.sha256(lock.encode()).hexdigest()
            if before is not None and digest == before.lock:
                return self.keep(before, position)
            if before is not None:
                environment.create(self.python)
            progress(f"Installing {', '.join(self.requirements)}")
            write_text(folder / LOCK_FILE, lock)
            environment.install_lock(folder / LOCK_FILE)
            environment.refresh()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        record = _Record(self.requirements, made, digest, position.server, position.event)
        write_text(self.folder / RECORD_FILE, record.to_text())
        self._tidy(made, before)
        return record

    def _lock(self, python: Path) -> str:
        from .installers import UvInstaller

        with tempfile.TemporaryDirectory(prefix="pipl-") as name:
            wanted, allowed, lock = (Path(name) / each for each in ("wanted", "allowed", LOCK_FILE))
            wanted.write_text("\n".join(self.wanted) + "\n", encoding="utf-8")
            allowed.write_text("\n".join(self.constraints) + "\n", encoding="utf-8")
            index, at = self.project.install_url, end_of(self.moment) if self.moment else None
            try:
                UvInstaller().compile_lock(python, index, wanted, allowed, lock, at)
            except InstallError as error:
                when = f" as of {self.moment}" if self.moment else ""
                msg = f"{', '.join(self.requirements)}{when}: this cannot be had together."
                found = self._explained(error)
                reasons = [found.message] if found is not error else []
                context = "\n".join([*reasons, error.context or ""])
                raise InstallError(msg, context=context, hint=found.hint) from error
            return lock.read_text(encoding="utf-8")

    def _explained(self, error: InstallError) -> InstallError:
        from ._project_file import FILE_NAME
        from .conflicts import YOU, explained_conflict

        asked_by = dict.fromkeys(self.project.config.pipeline, FILE_NAME)
        asked_by |= dict.fromkeys(self.requirements, YOU)
        return explained_conflict(error, asked_by, self.constraints)

    def _tidy(self, made: str, before: _Record | None) -> None:
        # Programs may still run in the one before.
        kept = {made, before.made if before else made}
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        for record in adhoc_folder().glob(f"*/{RECORD_FILE}"):
            with contextlib.suppress(OSError):
                if time.time() - record.stat().st_mtime > UNUSED_AFTER:
                    shutil.rmtree(record.parent, ignore_errors=True)


def _next(folder: Path) -> str:
    numbers = [int(path.name) for path in folder.glob("[0-9]*") if path.name.isdigit()]
    return str(max(numbers, default=0) + 1)
