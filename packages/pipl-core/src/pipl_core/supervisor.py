"""Keeps a project's server running, and its handlers beside it: `python -m pipl_core.supervisor`.

`pipl proj start` runs this in the foreground, `--detach` as a process of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import psutil

from pipl_hooks import PiplError

from .errors import ServerError
from .plugins import plugins
from .project import Project
from .server import Server, ServerRecord, process_started

if TYPE_CHECKING:
    from types import FrameType

    from pipl_hooks import Progress

RESTART_PAUSE = 2.0
"""Seconds before a companion that ended is started again."""

ENDED_WITHIN = 15.0


def serve(project: Project, progress: Progress, *, handlers: bool = True) -> int:
    """Serve a project until told to stop, and return the server's exit status.

    Args:
        project: The project.
        progress: Called with what happens.
        handlers: Run the programs of the hook `pipl_companions` beside the server.

    Raises:
        ServerError: The server runs already, or ended while it started.
    """
    server = project.server
    with _alone(server):
        server.check_port()
        server.prepare(progress)
        progress(f"Starting the server of {project.name}")
        stopping = threading.Event()
        with _signals(stopping):
            return _serve(server, stopping, progress, handlers=handlers)


@contextlib.contextmanager
def _alone(server: Server) -> Iterator[None]:
    """Keep two supervisors from serving one project, even when they start at the same time."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(server.lock("serving", 0))
            runs = server.status().state in {"running", "starting"}
        except filelock.Timeout:
            runs = True
        if runs:
            name, address = server.project.name, server.project.address
            msg = f"The server of {name} runs already, at {address}."
            raise ServerError(msg, hint="`pipl proj status` tells more; `pipl proj stop` ends it.")
        yield


def _serve(server: Server, stopping: threading.Event, progress: Progress, *, handlers: bool) -> int:
    project = server.project
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            server.arguments(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=server.folder,
            env=_server_variables(),
        )
    with _ended_with(process):
        me = os.getpid()
        server.write_record(
            ServerRecord(me, process_started(me), process.pid, process_started(process.pid))
        )
        try:
            server.wait_ready(psutil.Process(process.pid))
        except (ServerError, psutil.NoSuchProcess):
            server.write_record(None)
            if stopping.is_set():  # a terminal's Ctrl-C ends the server, too
                return 0
            raise
        progress(f"Serving {project.name} at {project.address}")
        with contextlib.ExitStack() as companions:
            if handlers:
                for arguments in _companions(project):
                    companions.enter_context(_kept_running(list(arguments), project, stopping))
            while process.poll() is None and not stopping.wait(0.2):
                pass
    if stopping.is_set():
        # Only an orderly end removes the record; without it the status says `crashed`.
        server.write_record(None)
        return 0
    msg = f"The server ended with the status {process.returncode}."
    raise ServerError(msg, context=server.log_tail(), hint=f"Its whole log: {server.log}")


def _server_variables() -> dict[str, str]:
    """Return the server's variables: its mirror reads other names for certificates than most."""
    variables = dict(os.environ)
    if "SSL_CERT_FILE" in variables:
        variables.setdefault("REQUESTS_CA_BUNDLE", variables["SSL_CERT_FILE"])
    return variables


def _companions(project: Project) -> Iterator[list[str]]:
    for answer in plugins().ask("pipl_companions", project=project.folder):
        for arguments in answer:
            yield list(arguments)


@contextlib.contextmanager
def _kept_running(
    arguments: list[str], project: Project, stopping: threading.Event
) -> Iterator[None]:
    ending = threading.Event()

    def keep() -> None:
        while not stopping.is_set() and not ending.is_set():
            with (project.system / "handlers.log").open("ab") as log:
                try:
                    process = subprocess.Popen(
                        arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
                    )
                except OSError as error:
                    log.write(f"{arguments[0]} cannot be run: {error.strerror}\n".encode())
                    stopping.wait(RESTART_PAUSE)
                    continue
            while process.poll() is None and not stopping.is_set() and not ending.is_set():
                stopping.wait(0.2)
            if process.poll() is None:
                _end(process)
            elif stopping.wait(RESTART_PAUSE):
                return

    thread = threading.Thread(target=keep, name=f"companion {arguments[-1]}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(ENDED_WITHIN + RESTART_PAUSE)


@contextlib.contextmanager
def _ended_with(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  a signal's handler
        stopping.set()

    before = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> int:
    """Serve the project that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m pipl_core.supervisor", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--no-handlers", dest="handlers", action="store_false")
    arguments = parser.parse_args()

    def progress(message: str) -> None:
        print(message, flush=True)  # noqa: T201  it goes into the server's log

    try:
        return serve(Project(arguments.project), progress, handlers=arguments.handlers)
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  it goes into the server's log
        return 1


if __name__ == "__main__":
    sys.exit(main())
