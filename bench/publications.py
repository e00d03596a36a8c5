"""Measures publications of small packls through a real server: where does the time go?

The server uses the quick key derivation of tests, which changes its start and logins only.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipl_ci import Ledger, Run, follow
from pipl_core import Packl, Project, Workspace, plan_publish, set_up
from pipl_testing import handled, isolated_home, new_running_project, publish_wheels


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True, help="folder of pipl's own wheels")
    parser.add_argument("--count", type=int, default=10, help="packls, one by one and at once")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with isolated_home(folder / "home"), _project(folder, arguments.wheels) as project:
            _measure(project, arguments.count)


def _measure(project: Project, count: int) -> None:
    clock = Clock()
    with clock.step("work create"):
        workspace = Workspace.create(project, "bench")
    for number in range(count):
        with clock.step("packl create"):
            packl = Packl.create(workspace, f"single_{number}")
        with clock.step("publish (check, build, upload)"):
            publication = plan_publish(packl, workspace).execute()
        with clock.step("upload to release"):
            follow(project, packl.name, packl.version, digest=publication.digest)
        for run in _runs(project, packl.name):
            clock.add(f"  wait for {run.handler}", _between(run.created, run.started))
            clock.add(f"  {run.handler}", _between(run.started, run.ended))
    packls = [Packl.create(workspace, f"many_{number}") for number in range(count)]
    with clock.step(f"{count} published at once, to the last release"):
        plans = [plan_publish(packl, workspace) for packl in packls]
        for publication in [plan.execute() for plan in plans]:
            follow(project, publication.name, publication.version, digest=publication.digest)
    clock.print()


class Clock:
    """Seconds by the name of the step."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        begun = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - begun)

    def add(self, name: str, seconds: float) -> None:
        """Take a step's time."""
        self._seconds.setdefault(name, []).append(seconds)

    def print(self) -> None:
        """Print the table."""
        print(f"{'step':<44} {'runs':>4} {'min':>7} {'median':>7} {'max':>7}")
        for name, seconds in self._seconds.items():
            least, middle, most = min(seconds), statistics.median(seconds), max(seconds)
            print(f"{name:<44} {len(seconds):>4} {least:>7.3f} {middle:>7.3f} {most:>7.3f}")


@contextmanager
def _project(folder: Path, wheels: Path) -> Iterator[Project]:
    project = new_running_project(folder)
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, wheels)
        with handled(project):
            yield project
    finally:
        project.server.stop()


def _runs(project: Project, name: str) -> list[Run]:
    with Ledger(project) as ledger:
        return list(reversed(ledger.runs(name)))


def _between(one: str | None, other: str | None) -> float:
    if one is None or other is None:
        return 0.0
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds()


if __name__ == "__main__":
    main()
