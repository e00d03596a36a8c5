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
SETTLED = 3.0
"""Seconds after which a failure from before the publication is taken for its result."""

GRACE = 15.0
"""Seconds to wait for handlers that are just starting, before saying that none run."""


def follow(
    project: Project,
    name: str,
    version: str,
    progress: Progress = lambda _: None,
    *,
    digest: str | None = None,
    since: str | None = None,
) -> Run:
    """Wait until a publication is released, or a run of it failed, and return its last run.

    Args:
        project: The project.
        name: Name of the packl.
        version: Its version.
        progress: Called when a run starts or ends.
        digest: Only runs on a wheel of this digest.
        since: When it was published, ISO 8601 in UTC: what failed before counts only when nothing
            is done again for a while.

    Raises:
        CiError: No handlers run for the project.
    """
    said: dict[int, tuple[str, int]] = {}
    idle_since = time.monotonic()
    with Ledger(project) as ledger:
        while True:
            runs = ledger.runs(name, version=version)
            runs = [run for run in runs if digest in {None, run.digest}]
            for run in reversed(runs):
                if said.get(run.id) != (run.state, run.attempt):
                    said[run.id] = (run.state, run.attempt)
                    idle_since = time.monotonic()
                    if since is not None and (run.ended or since) < since:
                        continue  # from before this publication
                    progress(f"{run.stage}: {run.handler} {run.state}. {run.summary}".rstrip())
            idle = time.monotonic() - idle_since
            if runs and _is_end(project, runs[0]):
                old = since is not None and (runs[0].ended or "") < since
                if runs[0].state == "passed" or not old or idle > SETTLED:
                    return runs[0]
            if idle > GRACE and not handlers_run(project):
                msg = f"No handlers run for {project.name}, so {name} {version} does not move on."
                hint = "Start them: `pipl ci start`, or stop the server and start it again."
                raise CiError(msg, hint=hint)
            time.sleep(INTERVAL)


def _is_end(project: Project, run: Run) -> bool:
    if run.state in {"failed", "cancelled"}:
        return True
    if run.state != "passed":
        return False
    following = project.config.stage(run.stage).next
    return following is None or project.config.stage(following).handler is None
