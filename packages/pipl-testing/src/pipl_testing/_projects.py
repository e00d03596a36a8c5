"""Projects whose server runs for the duration of a test, or of all tests."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ._home import WHEELS_VARIABLE

if TYPE_CHECKING:
    from pipl_core import Project

ARTIST = "artist"
"""The first artist of every project that tests start."""

QUICK_KEYS = (
    *("--argon2-memory-cost", "8192"),
    *("--argon2-time-cost", "1"),
    *("--argon2-parallelism", "1"),
)
"""Arguments of devpi-server that derive its key in no time. For tests only."""

ATTEMPTS = 3
"""How often a project looks for a port that nobody takes in the meantime."""


def new_project(folder: Path) -> Project:
    """Make a project at a port that was free a moment ago, with keys that are derived quickly."""
    from pipl_core import Project
    from pipl_core.project import free_port

    return Project.create(folder, port=free_port(0), server_arguments=QUICK_KEYS)


def new_running_project(folder: Path) -> Project:
    """Make a project and start its server; on another port where the first was taken meanwhile.

    Raises:
        ServerError: It does not start on any.
    """
    from pipl_core import ServerError

    for attempt in range(ATTEMPTS):
        project = new_project(folder / str(attempt) / "PROJECT")
        try:
            project.server.start_detached(handlers=False)
        except ServerError:
            project.server.stop()
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return project
    raise AssertionError


@contextlib.contextmanager
def started(project: Project) -> Iterator[Project]:
    """Start a project's server without handlers, and stop it at the end.

    Args:
        project: The project.
    """
    try:
        project.server.start_detached(handlers=False)
        yield project
    finally:
        project.server.stop()


def wheels_folder(root: Path, build: Path) -> Path | None:
    """Return the folder of pipl's wheels, or None where there is none.

    Args:
        root: Folder in which pytest runs; where it is pipl's repository, the wheels are built.
        build: Folder for wheels that are built.
    """
    named = os.environ.get(WHEELS_VARIABLE)
    if named:
        return Path(named)
    script = root / "tools" / "build_wheels.py"
    if not script.is_file():
        return None
    subprocess.run([sys.executable, str(script), str(build)], check=True, capture_output=True)
    return build


def publish_wheels(project: Project, folder: Path) -> list[str]:
    """Upload all wheels of a folder to `root/PROJ`, and return the names of the packls.

    Args:
        project: A project whose server runs and is set up.
        folder: The folder.
    """
    from pipl_core.setup import CI_USER
    from pipl_core.wheelhouse import publish_wheels as publish

    published = publish(project, sorted(folder.glob("*.whl")), CI_USER)
    found = (*published.uploaded, *published.unchanged, *published.kept)
    return sorted(title.partition(" ")[0] for title in found)
