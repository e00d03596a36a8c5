"""Joins event source, planner, ledger and runner: the one process that drives handlers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import filelock

from pipl_core import CoreError
from pipl_core.credentials import KeptPasswords
from pipl_core.plugins import plugins
from pipl_core.setup import CI_USER

from ._ledger import Ledger
from ._perform import Performer
from .errors import CiError

if TYPE_CHECKING:
    from pipl_core import Project
    from pipl_hooks import Event, EventSource, Progress, Runner

WAIT = 2.0
"""Seconds that one request waits for events; what people retry by hand waits as long at most."""

SETTLED = 1.0
"""Seconds without an event after which `once` takes it that nothing is left: the server's feed
follows an upload within milliseconds, and took at most a second in 160 measured uploads."""

LOOKED_AT = 1.0
"""Seconds to wait for the lock: whoever only looks whether handlers run holds it for a moment."""

PAUSE = 1.0
"""Seconds between tries while the server does not answer, or is not set up yet."""


def conduct(
    project: Project,
    *,
    once: bool = False,
    progress: Progress = lambda _: None,
    stopping: threading.Event | None = None,
) -> int:
    """Follow a project's events and have their runs performed.

    Args:
        project: The project.
        once: Return when nothing is left to do, instead of waiting for more.
        progress: Called with what happens.
        stopping: Set to make it return.

    Returns:
        How many runs were performed.

    Raises:
        CiError: Another conductor works for the project, or its server is another one than before.
        ServerError: With `once`, the server does not answer.
    """
    stopping = stopping or threading.Event()
    with _alone(project), Ledger(project) as ledger:
        source = _source(project, once=once, stopping=stopping, progress=progress)
        if source is None:
            return 0
        server = source.server()
        since = ledger.position(server)
        _check_not_restored(ledger, source, since)
        again = ledger.requeue_running()
        if again:
            progress(f"{again} run(s) had lost their worker, and are done again")
        performer = Performer(project, ledger, progress)
        runner = _runner(project, performer)
        try:
            while not stopping.is_set():
                events = _events(source, since, once=once)
                if events:
                    since = events[-1].id
                    with ledger.handling(server, since):
                        for event in events:
                            plan(project, ledger, event)
                queued = ledger.queued()
                for number in queued:
                    runner.submit(number)
                if once and not events and not queued and not runner.poll():
                    break
        finally:
            runner.close()
        return performer.performed


def plan(project: Project, ledger: Ledger, event: Event) -> bool:
    """Want the run that an event calls for, and tell whether it was not wanted before.

    An event calls for a run when a wheel arrived in the index of a stage that has a handler.
    """
    if not event.is_arrival or not event.file.name.endswith(".whl"):
        return False
    for stage in project.config.stages:
        if stage.index == event.index and stage.handler is not None:
            return ledger.want(event, stage.name, stage.handler)
    return False


def handlers_run(project: Project) -> bool:
    """Tell whether a conductor works for a project."""
    lock = _lock(project)
    try:
        with lock.acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True


def _lock(project: Project) -> filelock.BaseFileLock:
    folder = project.system / "handlers"
    folder.mkdir(parents=True, exist_ok=True)
    return filelock.FileLock(folder / "conductor.lock", timeout=LOOKED_AT)


@contextlib.contextmanager
def _alone(project: Project) -> Iterator[None]:
    lock = _lock(project)
    try:
        lock.acquire()
    except filelock.Timeout:
        msg = f"The handlers of {project.name} run already."
        raise CiError(msg, hint="`pipl ci status` shows what they do.") from None
    try:
        yield
    finally:
        lock.release()


def _source(
    project: Project, *, once: bool, stopping: threading.Event, progress: Progress
) -> EventSource | None:
    """Return the event source, once the server answers and is set up; None when told to stop."""
    said = False
    while not stopping.is_set():
        if KeptPasswords(project).get(CI_USER) is not None:
            source: EventSource = plugins().ask("pipl_event_source", address=project.address)
            try:
                source.server()
            except CoreError:
                if once:
                    raise
            else:
                return source
        elif once:
            msg = f"The project {project.name} is not set up, so its handlers have no user."
            raise CiError(msg, hint="Set it up: `pipl proj setup`.")
        elif not said:
            progress("Waiting for `pipl proj setup`")
            said = True
        stopping.wait(PAUSE)
    return None


def _events(source: EventSource, since: int, *, once: bool) -> list[Event]:
    try:
        return list(source.events(since, SETTLED if once else WAIT))
    except CoreError:
        if once:
            raise
        time.sleep(PAUSE)  # the server restarts; what happens meanwhile is in its feed
        return []


def _check_not_restored(ledger: Ledger, source: EventSource, since: int) -> None:
    newest = source.newest()
    if newest < since:
        msg = "The project's server is older than what was handled: it was restored from a back-up."
        context = f"Its newest event is {newest}, and {since} was handled."
        hint = f"Move {ledger.folder} away; the handlers then begin anew with what is there."
        raise CiError(msg, context=context, hint=hint)


def _runner(project: Project, performer: Performer) -> Runner:
    name = project.config.runner
    runner: Runner | None = plugins().ask("pipl_runner", name=name, perform=performer.perform)
    if runner is None:
        msg = f"No plugin gives the runner {name!r}, which the project's pipl.toml names."
        raise CiError(msg, hint="pipl itself has the runner local.")
    return runner
