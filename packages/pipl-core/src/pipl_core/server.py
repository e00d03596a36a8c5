"""The life of a project's devpi server: start, stop, and what it is doing now."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import filelock
import psutil

from pipl_hooks import shapes

from ._files import PRIVATE, explained, write_text
from .errors import ServerError
from .index import IndexClient

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .project import Project

State = Literal["running", "starting", "stopped", "crashed"]

READY_WITHIN = 120.0
"""Seconds: deriving the key from the secret took up to 31 s on two busy cores."""

STOPPED_WITHIN = 20.0
LOG_TAIL = 30


@dataclass(frozen=True)
class ServerStatus:
    """What a server is doing.

    Attributes:
        state: `running` (it answers), `starting` (it does not yet), `stopped`, or `crashed` (it
            ended without being told to).
        address: Its address.
        pid: Process of the server, while there is one.
        log: Its log.
    """

    state: State
    address: str
    pid: int | None
    log: Path


@dataclass(frozen=True)
class ServerRecord:
    """Who serves, as the supervisor writes it down; a process is known by pid and start time."""

    supervisor: int
    supervisor_started: float
    server: int
    server_started: float

    def processes(self) -> list[psutil.Process]:
        """Return those of the processes that are still the same ones, and alive."""
        pairs = (
            (self.supervisor, self.supervisor_started),
            (self.server, self.server_started),
        )
        return [process for pid, started in pairs if (process := _same_process(pid, started))]


class Server:
    """The server of a project.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.system / "server"
        self.log = self.folder / "server.log"
        self.secret = self.folder / "secret"
        self._record_path = self.folder / "processes.json"

    # -- asking --------------------------------------------------------------------------------

    def status(self) -> ServerStatus:
        """Tell what the server is doing; a record of processes that are gone means nothing."""
        record = self.record()
        alive = record.processes() if record else []
        state: State
        if record is None:
            state, pid = "stopped", None
        elif not alive:
            state, pid = "crashed", None
        else:
            pid = alive[-1].pid
            state = "running" if self._answers() else "starting"
        return ServerStatus(state, self.project.address, pid, self.log)

    def record(self) -> ServerRecord | None:
        """Return who serves, or None where nobody does."""
        try:
            data = json.loads(self._record_path.read_text(encoding="utf-8"))
            for key in ("supervisor", "server"):
                shapes.number(data[key], key, 1, 2**31 - 1)
                data[f"{key}_started"] = float(data[f"{key}_started"])
            return ServerRecord(**data)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None

    def wait_ready(self, process: psutil.Process | None = None) -> None:
        """Wait until the server answers.

        Args:
            process: Stop waiting when this process ends.

        Raises:
            ServerError: It ended, or did not answer in time; the end of its log is the context.
        """
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self._answers():
                return
            if process is not None and not _alive(process):
                raise self._died()
            time.sleep(0.05)
        msg = f"The server did not answer within {READY_WITHIN:.0f} seconds."
        raise ServerError(msg, context=self.log_tail(), hint=f"Its whole log: {self.log}")

    def log_tail(self, lines: int = LOG_TAIL) -> str:
        """Return the end of the server's log."""
        with contextlib.suppress(OSError):
            text = self.log.read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return "It has no log."

    # -- starting ------------------------------------------------------------------------------

    def start_detached(self, *, handlers: bool = True) -> ServerStatus:
        """Start the server in the background, and wait until it answers.

        Starting one that runs changes nothing.

        Raises:
            ServerError: It cannot be started; nothing is left running.
        """
        try:
            # Whoever else starts it now is waited for, and has started it for us, too.
            with self.lock("starting", READY_WITHIN):
                if self.status().state in {"running", "starting"}:
                    self.wait_ready()
                else:
                    self._start(handlers=handlers)
        except filelock.Timeout as error:
            msg = f"Another command has been starting the server for {READY_WITHIN:.0f} seconds."
            raise ServerError(msg, hint=f"Its log: {self.log}") from error
        return self.status()

    def lock(self, name: str, timeout: float) -> filelock.BaseFileLock:
        """Return a lock that one process can hold at a time, and that ends with it.

        Args:
            name: `starting`, or `serving` as long as the server runs.
            timeout: Seconds to wait for it.
        """
        with explained("The server could not be started."):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return filelock.FileLock(self.folder / f"{name}.lock", timeout=timeout)

    def _start(self, *, handlers: bool) -> None:
        self.check_port()
        arguments = [sys.executable, "-m", "pipl_core.supervisor", str(self.project.folder)]
        if not handlers:
            arguments.append("--no-handlers")
        with explained("The server could not be started."), self.log.open("ab") as log:
            started = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.project.folder,
                **_detached(),
            )
        self.wait_ready(psutil.Process(started.pid) if started.poll() is None else None)

    def prepare(self, progress: Progress) -> None:
        """Make the server's folder and its secret, where they do not exist yet.

        Raises:
            ServerError: devpi-server is not installed, or could not make its folder.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.secret.exists():
            secret = base64.b64encode(secrets.token_bytes(48)).decode()
            write_text(self.secret, secret + "\n", PRIVATE)
        if (self.folder / "data" / ".nodeinfo").exists():
            return
        progress("Making the server's folder")
        arguments = [sys.executable, "-c", _INIT, "--serverdir"]
        arguments += [str(self.folder / "data"), "--root-passwd", "", *STORAGE_ARGUMENTS]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            msg = "The server's folder could not be made."
            hint = "Is devpi-server installed here? It comes with `pip install pipl`."
            raise ServerError(msg, context=(done.stderr or done.stdout).strip()[-2000:], hint=hint)

    def arguments(self) -> list[str]:
        """Return the command that serves."""
        config = self.project.config
        return [
            *(sys.executable, "-m", "devpi_server"),
            *("--serverdir", str(self.folder / "data")),
            *("--secretfile", str(self.secret)),
            *("--host", config.host),
            *("--port", str(config.port)),
            *("--role", "primary"),
            *("--restrict-modify", "root"),
            *("--keyfs-cache-size", "100000"),
            "--enable-core-metadata",
            *STORAGE_ARGUMENTS,
            *config.server_arguments,
        ]

    def check_port(self) -> None:
        """Make sure that nothing else listens at our port.

        Raises:
            ServerError: Something does.
        """
        config = self.project.config
        try:
            family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
            with socket.socket(family) as probe:
                if os.name != "nt":
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((config.host, config.port))
        except (OSError, UnicodeError, OverflowError) as error:  # as the host's name is
            msg = f"The server cannot listen at {self.project.address}."
            hint = f"End what listens there, or set another port in {self.project.folder / 'pipl.toml'}."
            context = getattr(error, "strerror", None) or str(error)
            raise ServerError(msg, context=context, hint=hint) from error

    def write_record(self, record: ServerRecord | None) -> None:
        """Write down who serves; None when nobody does any more."""
        if record is None:
            self._record_path.unlink(missing_ok=True)
        else:
            write_text(self._record_path, json.dumps(asdict(record)) + "\n")

    # -- stopping ------------------------------------------------------------------------------

    def stop(self) -> bool:
        """Stop the server and what runs beside it, and tell whether anything ran.

        Raises:
            ServerError: A process does not end.
        """
        record = self.record()
        processes = record.processes() if record else []
        family = list(processes)
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                family += process.children(recursive=True)
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        _, left = psutil.wait_procs(family, timeout=STOPPED_WITHIN)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _, left = psutil.wait_procs(left, timeout=5)
        if left:
            msg = f"The process {left[0].pid} of the server does not end."
            raise ServerError(msg, hint="End it by hand.")
        self.write_record(None)
        return bool(processes)

    def _answers(self) -> bool:
        client = IndexClient(self.project.address)
        try:
            return client.answers()
        finally:
            client.close()

    def _died(self) -> ServerError:
        msg = "The server ended while it started."
        return ServerError(msg, context=self.log_tail(), hint=f"Its whole log: {self.log}")


_INIT = "from devpi_server.init import init; raise SystemExit(init())"
"""devpi-init by our own interpreter; the module itself does nothing when run."""

STORAGE_ARGUMENTS = ("--storage", "sqlite:fsbackend=hash_hl")
"""Files once by their digest: a push from stage to stage is a hard link, not a copy."""


def process_started(pid: int) -> float:
    """Return when a process started, which together with its pid identifies it."""
    return float(psutil.Process(pid).create_time())


def _same_process(pid: int, started: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < 1.0
    except psutil.NoSuchProcess:
        return None
    return process if same and _alive(process) else None


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _detached() -> dict[str, bool] | dict[str, int]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
