"""Handlers of a project for the duration of a test."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipl_core import Project


@contextlib.contextmanager
def handled(project: Project) -> Iterator[Project]:
    """Run a project's handlers in a thread, until the end of the block; needs pipl-ci.

    Args:
        project: A project whose server runs and is set up.
    """
    from pipl_ci import conduct

    stopping = threading.Event()
    handlers = threading.Thread(target=conduct, args=(project,), kwargs={"stopping": stopping})
    handlers.start()
    try:
        yield project
    finally:
        stopping.set()
        handlers.join()
