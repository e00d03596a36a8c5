"""The `pipl` program."""

from __future__ import annotations

import sys
from pathlib import Path

from pipl_hooks import PiplError

from . import _failures


def main() -> int:
    """Run `pipl` with the arguments of this process, and return its exit status."""
    return _failures.guarded(_run)


def _run() -> int:
    from ._application import application

    try:
        Path.cwd()
    except FileNotFoundError:
        msg = "The current folder does not exist any more."
        raise PiplError(msg, hint="Go into another one with cd.") from None
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark instead of a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    _check_arguments(sys.argv[1:])
    status = application().main(prog_name="pipl", standalone_mode=False)
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


def _check_arguments(arguments: list[str]) -> None:
    for argument in arguments:
        # Python's sign of bytes on the command line that are no text: no file of ours can hold it.
        if any("\ud800" <= char <= "\udfff" for char in argument):
            msg = f"The argument {argument!r:.200} is not UTF-8."
            raise PiplError(msg, hint="Use names and texts that are, also for files and folders.")


if __name__ == "__main__":
    sys.exit(main())
