"""Follows a publication through the stages to its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._conductor import handlers_run
from ._ledger import Ledger
from .errors import CiError

if TYPE_CHECKING:
    from pipl_core import Project
    from pipl_hooks import Progress

    from ._ledger import Run

INTERVAL = 0.1
GRACE = 15.0
"""Seconds to wait for handlers that are just starting, before saying that none run."""


def follow(
    project: Project,
    name: str,
    version: str,
    progress: Progress = lambda _: None,
    *,
    digest: str | None = None,
) -> Run:
    """Wait until a publication is released, or a run of it failed, and return its last run.

    Args:
        project: The project.
        name: Name of the packl.
        version: Its version.
        progress: Called when a run starts or ends.
        digest: Only runs on a wheel of this digest.

    Raises:
        CiError: No handlers run for the project.
    """
    said: dict[int, str] = {}
    idle_since = time.monotonic()
    with Ledger(project) as ledger:
        while True:
            runs = ledger.runs(name, version=version)
            runs = [run for run in runs if digest in {None, run.digest}]
            for run in reversed(runs):
                if said.get(run.id) != run.state:
                    said[run.id] = run.state
                    idle_since = time.monotonic()
                    progress(f"{run.stage}: {run.handler} {run.state}. {run.summary}".rstrip())
            if runs and _is_end(project, runs[0]):
                return runs[0]
            if time.monotonic() - idle_since > GRACE and not handlers_run(project):
                msg = f"No handlers run for {project.name}, so {name} {version} does not move on."
                hint = "Start them: `pipl ci start`; `pipl proj start` runs them beside the server."
                raise CiError(msg, hint=hint)
            time.sleep(INTERVAL)


def _is_end(project: Project, run: Run) -> bool:
    if run.state in {"failed", "cancelled"}:
        return True
    if run.state != "passed":
        return False
    following = project.config.stage(run.stage).next
    return following is None or project.config.stage(following).handler is None
