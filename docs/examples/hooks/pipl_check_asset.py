"""Let nobody publish an empty file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipl_hooks import Problem, hookimpl


@hookimpl
def pipl_check_asset(path: Path) -> Iterable[Problem]:
    """Look at every file of the Asset."""
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return [
        Problem(f"{file.name} is empty.", "Write it again.")
        for file in files
        if file.is_file() and file.stat().st_size == 0
    ]
