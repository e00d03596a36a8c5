"""The one place that turns a failure into text and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from pipl_hooks import PiplError
from pipl_hooks.trace import traced

from . import console

if TYPE_CHECKING:
    from pathlib import Path

FAILED = 1
INTERRUPTED = 130


def guarded(run: Callable[[], int]) -> int:
    """Run something, and show whatever goes wrong as text for people.

    Returns:
        What `run` returns; 1 when it could not be done, 2 for wrong usage, 130 when interrupted.
    """
    try:
        return run()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else FAILED
    except (click.Abort, KeyboardInterrupt) as error:
        return _interrupted(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:  # noqa: BLE001  the last resort
        _show_any(error)
        return FAILED


def show(error: PiplError) -> None:
    """Show an error: its message, its context indented, its hint."""
    console.line(("error: ", "bold red"), console.shortened(error.message))
    for line in (error.context or "").splitlines():
        console.line((f"  {console.shortened(line)}", "dim"))
    if error.hint:
        console.line(("hint: ", "cyan"), console.shortened(error.hint))


def _show_any(error: Exception) -> None:
    if isinstance(error, BrokenPipeError):
        _drop_output()
        return
    if traced("errors"):
        import traceback

        traceback.print_exc()
    if isinstance(error, PiplError):
        show(error)
    elif isinstance(error, OSError) and error.filename:
        context = f"{error.strerror}: {error.filename}"
        hint = "Check free space and permissions, then do it again."
        show(PiplError("The file system refused.", context=context, hint=hint))
    else:
        _show_bug(error)


def _interrupted(error: BaseException) -> int:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, EOFError):
        console.line(("error: ", "bold red"), "The input ended before the question was answered.")
        return FAILED
    console.line("Interrupted.")
    return INTERRUPTED


def _show_bug(error: Exception) -> None:
    said = f"{type(error).__name__}: {error}".strip().replace("\n", " ")
    where = _written_traceback(error)
    told = f"; the traceback is in {where}" if where else ""
    console.line(("error: ", "bold red"), f"This is a bug in pipl: {said}{told}.")


def _written_traceback(error: Exception) -> Path | None:
    import traceback

    import platformdirs

    try:
        folder = platformdirs.user_state_path("pipl") / "tracebacks"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{os.getpid()}.txt"
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return None
    return path


def _drop_output() -> None:
    # Whoever read our output has gone; without this Python would complain about it at its end.
    with open(os.devnull, "w") as nothing:  # noqa: PTH123  a device, not a path
        os.dup2(nothing.fileno(), sys.stdout.fileno())
