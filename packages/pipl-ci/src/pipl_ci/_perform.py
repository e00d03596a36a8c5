"""Performs one run: calls the handler, and promotes what passed."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipl_core import NotFoundError
from pipl_core.building import read_wheel
from pipl_core.plugins import plugins
from pipl_core.setup import CI_USER
from pipl_hooks import Outcome, PiplError, RunRequest

from .errors import CiError

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_core import Project
    from pipl_hooks import Handler, Progress

    from ._ledger import Ledger, Run


class Performer:
    """Performs the runs of a project, several at a time.

    Args:
        project: The project.
        ledger: Its ledger.
        progress: Called with the beginning and the end of each run.
    """

    def __init__(self, project: Project, ledger: Ledger, progress: Progress) -> None:
        self._project = project
        self._ledger = ledger
        self._progress = progress
        self._lock = threading.Lock()
        self.performed = 0

    def perform(self, number: int) -> None:
        """Perform a run that waits; whatever goes wrong becomes its outcome."""
        run = self._ledger.start(number)
        if run is None:
            return
        title = f"{run.handler} of {run.name} {run.version}"
        self._progress(f"{title}: started (run {run.id})")
        begun = time.monotonic()
        outcome = Outcome(passed=False, summary="The worker was stopped.")
        try:
            outcome = self._logged(run, begun)
        except OSError as error:
            outcome = Outcome(passed=False, summary=f"Its log could not be written: {error}")
        finally:
            # Whatever happened, a run that has ended is never left running.
            self._ledger.end(number, outcome)
            with self._lock:
                self.performed += 1
        word = "passed" if outcome.passed else "failed"
        self._progress(f"{title}: {word} in {time.monotonic() - begun:.1f} s: {outcome.summary}")
        self._tell(run, outcome)

    def _logged(self, run: Run, begun: float) -> Outcome:
        with self._log(run) as log:
            outcome = self._outcome(run, log)
            word = "Passed" if outcome.passed else "FAILED"
            log(f"{word} in {time.monotonic() - begun:.1f} s: {outcome.summary}")
        return outcome

    def _outcome(self, run: Run, log: Progress) -> Outcome:
        folder = self._ledger.folder / "runs" / f"{run.id}-{run.attempt}"
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            outcome = self._handler(run).handle(self._request(run, folder, log))
            if outcome.passed:
                self._promote(run, folder, log)
        except PiplError as error:
            log(str(error))
            outcome = Outcome(passed=False, summary=error.message)
        except (Exception, SystemExit) as error:  # noqa: BLE001  a handler may raise anything
            log(f"{type(error).__name__}: {error}")
            summary = f"The handler broke: {type(error).__name__}: {error}"
            outcome = Outcome(passed=False, summary=summary)
        # What failed stays to be looked at, but for what can be made again and takes most space.
        shutil.rmtree(folder if outcome.passed else folder / "venv", ignore_errors=True)
        return outcome

    def _request(self, run: Run, folder: Path, log: Progress) -> RunRequest:
        return RunRequest(
            project=self._project.folder,
            stage=run.stage,
            index=run.index,
            name=run.name,
            version=run.version,
            file=run.file,
            digest=run.digest,
            folder=folder,
            log=log,
        )

    def _handler(self, run: Run) -> Handler:
        handler: Handler | None = plugins().ask("pipl_handler", name=run.handler)
        if handler is None:
            msg = f"No plugin gives the handler {run.handler!r} of the stage {run.stage!r}."
            raise CiError(msg, hint="pipl itself has qa and process; see [[stage]] in pipl.toml.")
        return handler

    def _promote(self, run: Run, folder: Path, log: Progress) -> None:
        """Bring what passed to the next stage; doing it again is no error.

        The very bytes that were tested go on, never whatever else the stage's index has under
        that name and version by now: other files, or another wheel that was uploaded meanwhile.
        """
        config = self._project.config
        following = config.stage(run.stage).next
        if following is None:
            return
        if self._ledger.run(run.id).state != "running":
            msg = "The run was cancelled, so it goes no further."
            raise CiError(msg)
        target = config.stage(following)
        log(f"Bringing {run.name} {run.version} to {target.index}")
        with contextlib.closing(self._project.client(CI_USER)) as client:
            wheel = folder / run.file.rpartition("/")[2]
            try:
                client.download(run.file, wheel, run.digest)
            except NotFoundError:
                msg = f"{run.name} {run.version} was replaced while it was worked on."
                hint = "What it was replaced by has a run of its own."
                raise CiError(msg, hint=hint) from None
            client.upload(target.index, wheel, read_wheel(wheel).metadata)

    @contextlib.contextmanager
    def _log(self, run: Run) -> Iterator[Progress]:
        run.log.parent.mkdir(parents=True, exist_ok=True)
        with run.log.open("w", encoding="utf-8") as stream:

            def log(line: str) -> None:
                moment = datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]
                stream.write(f"{moment} {line}\n")
                stream.flush()

            log(f"{run.handler} of {run.name} {run.version}, which arrived in {run.index}")
            yield log

    def _tell(self, run: Run, outcome: Outcome) -> None:
        try:
            plugins().ask(
                "pipl_run_ended",
                stage=run.stage,
                name=run.name,
                version=run.version,
                outcome=outcome,
            )
        except Exception as error:  # noqa: BLE001  telling people must not change the outcome
            self._progress(f"A plugin's pipl_run_ended broke: {type(error).__name__}: {error}")
