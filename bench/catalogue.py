"""Measures the catalogue: how long does it take to know what a whole project depends on?

The server uses the quick key derivation of tests, which changes its start and logins only.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipl_core import Project, set_up
from pipl_core.catalogue import IndexCatalogue
from pipl_testing import isolated_home, new_running_project, write_wheel


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="packls, of one version each")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, isolated_home(Path(name) / "home"):
        project = new_running_project(Path(name))
        try:
            set_up(project, "artist", lambda _: None)
            print(f"{'step':<44} {'seconds':>8}")
            _upload(project, Path(name), range(arguments.count))
            _measure(project, Path(name), arguments.count)
        finally:
            project.server.stop()


def _measure(project: Project, folder: Path, count: int) -> None:
    cache = folder / "cache"
    _ask(f"all {count}, nothing kept", project, cache)
    _ask(f"all {count}, all kept", project, cache)
    _upload(project, folder, range(count, count + 1))
    _ask(f"all {count + 1}, the wheels but one kept", project, cache)
    _ask("one, nothing kept", project, folder / "other", "packl-7")
    _ask("one, all kept", project, cache, "packl-7")


def _ask(step: str, project: Project, cache: Path, name: str | None = None) -> None:
    with contextlib.closing(IndexCatalogue(project, cache)) as catalogue:
        _timed(step, lambda: catalogue.releases(name))


def _upload(project: Project, folder: Path, numbers: range) -> None:
    with contextlib.closing(project.client("ci")) as client:
        wheels = [_wheel(folder, number) for number in numbers]

        def upload() -> None:
            for wheel in wheels:
                name = wheel.name.partition("-")[0]
                client.upload("root/PROJ", wheel, {"name": name, "version": "1.0"})

        _timed(f"upload {len(wheels)}", upload)


def _wheel(folder: Path, number: int) -> Path:
    """Write a wheel that depends on three earlier ones, as shots do on what they show."""
    name = f"packl_{number}"
    digest = hashlib.sha256(name.encode()).digest()
    wanted = sorted({digest[i] % number for i in range(3)}) if number else []
    return write_wheel(folder, name, "1.0", requires=[f"packl-{each}>=1,<2" for each in wanted])


def _timed(step: str, function: Callable[[], object]) -> None:
    begun = time.perf_counter()
    function()
    print(f"{step:<44} {time.perf_counter() - begun:>8.3f}", flush=True)


if __name__ == "__main__":
    main()
