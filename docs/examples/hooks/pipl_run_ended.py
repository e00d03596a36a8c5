"""Keep a list of what was released and what was not, for people."""

from __future__ import annotations

from pathlib import Path

from pipl_hooks import Outcome, hookimpl

BOARD = Path("board.txt")
"""In the folder from which the handlers were started."""


@hookimpl
def pipl_run_ended(stage: str, name: str, version: str, outcome: Outcome) -> None:
    """Append a line."""
    word = "passed" if outcome.passed else "FAILED"
    with BOARD.open("a", encoding="utf-8") as stream:
        stream.write(f"{name} {version} {word} {stage}\n")
