"""Runs programs in this terminal and hands their exit status on."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SIGNALLED = 128
"""Added to a signal's number where a signal ended the program, as shells do."""


def run(arguments: Sequence[str], variables: Mapping[str, str], folder: Path | None = None) -> int:
    """Run a program with our own input and output, and return its exit status.

    Args:
        arguments: The program's whole path, and its arguments.
        variables: All of its variables.
        folder: Folder to run it in; the current one where None.

    Raises:
        CoreError: It cannot be run.
    """
    from pipl_core import CoreError

    sys.stdout.flush()
    sys.stderr.flush()
    try:
        process = subprocess.Popen(list(arguments), env=dict(variables), cwd=folder)
    except OSError as error:
        msg = f"{arguments[0]} cannot be run."
        raise CoreError(msg, context=error.strerror or str(error)) from error
    with _interrupts_left_to_program():
        status = process.wait()
    return SIGNALLED - status if status < 0 else status


@contextlib.contextmanager
def _interrupts_left_to_program() -> Iterator[None]:
    # A terminal sends Ctrl-C to us, too; what it means is for the program to decide.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
