"""The handlers of a project, as a program beside its server: `python -m pipl_ci PROJECT`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from pipl_core import Project
from pipl_hooks import PiplError

from . import conduct

if TYPE_CHECKING:
    from types import FrameType


LOOK_EVERY = 1.0
"""Seconds between looks whether the supervisor lives."""


def main() -> int:
    """Conduct the handlers until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m pipl_ci", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--once", action="store_true", help="return when nothing is left to do")
    arguments = parser.parse_args()
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  a signal's handler
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)

    threading.Thread(target=_stop_with_parent, args=(stopping,), daemon=True).start()

    def progress(message: str) -> None:
        print(message, flush=True)  # noqa: T201  it goes into the log

    try:
        conduct(
            Project(arguments.project), once=arguments.once, progress=progress, stopping=stopping
        )
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  it goes into the log
        return 1
    return 0


def _stop_with_parent(stopping: threading.Event) -> None:
    """Stop when the supervisor is gone: killed, it cannot tell its companions to end."""
    parent = psutil.Process().parent()
    while not stopping.wait(LOOK_EVERY):
        if parent is None or not parent.is_running():
            stopping.set()


if __name__ == "__main__":
    sys.exit(main())
