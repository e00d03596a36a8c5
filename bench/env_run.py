"""Measures how much longer a command takes by `pipl env run` and `pipl work run` than alone.

The environment is warm: it was made before, and nothing was released since. The aim is under 0.15
seconds more than the command alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pipl_core import Workspace, set_up
from pipl_testing import isolated_home, new_running_project, publish_wheels, release_note_types

ALONE = "true"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True, help="folder of pipl's own wheels")
    parser.add_argument("--count", type=int, default=20, help="runs of each command")
    parser.add_argument("--python", default=sys.executable, help="Python of the tool environment")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with isolated_home(folder / "home"):
            _measure(folder, arguments.wheels, arguments.python, arguments.count)


def _measure(folder: Path, wheels: Path, python: str, count: int) -> None:
    project = new_running_project(folder)
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, wheels)
        request = release_note_types(project, folder / "types")
        workspace = Workspace.create(project, "bench", requirements=[request])
        pipl = [python, "-m", "pipl_cli"]
        program = ["--", ALONE]
        commands = {
            "the command alone": [ALONE],
            "Python, with nothing to do": [python, "-c", "pass"],
            "pipl --version": [*pipl, "--version"],
            "pipl work run": [*pipl, "work", "run", *program],
            "pipl env run, in the workspace": [*pipl, "env", "run", *program],
            "pipl env run REQUEST": [*pipl, "env", "run", request, *program],
        }
        time.sleep(2)  # the server's feed follows the releases
        subprocess.run(commands["pipl env run REQUEST"], cwd=workspace.folder, check=True)
        print(f"{'command':<34} {'runs':>4} {'min':>7} {'median':>7} {'more':>7}")
        alone = _seconds(commands.pop("the command alone"), workspace.folder, count)
        _show("the command alone", alone, statistics.median(alone))
        for title, command in commands.items():
            seconds = _seconds(command, workspace.folder, count)
            _show(title, seconds, statistics.median(alone))
        project.server.stop()
        seconds = _seconds(commands["pipl env run REQUEST"], workspace.folder, count)
        _show("pipl env run REQUEST, no server", seconds, statistics.median(alone))
    finally:
        project.server.stop()


def _seconds(command: Sequence[str], folder: Path, count: int) -> list[float]:
    found = []
    for _ in range(count + 1):
        begun = time.perf_counter()
        subprocess.run(
            list(command), cwd=folder, check=True, capture_output=True, env=dict(os.environ)
        )
        found.append(time.perf_counter() - begun)
    return found[1:]  # the first one warms up


def _show(title: str, seconds: Sequence[float], alone: float) -> None:
    middle = statistics.median(seconds)
    more = middle - alone
    print(f"{title:<34} {len(seconds):>4} {min(seconds):>7.3f} {middle:>7.3f} {more:>7.3f}")


if __name__ == "__main__":
    main()
