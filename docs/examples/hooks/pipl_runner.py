"""Perform one run at a time: `runner = "careful"` in pipl.toml."""

from __future__ import annotations

from collections.abc import Callable

from pipl_ci import LocalRunner
from pipl_hooks import Runner, hookimpl


@hookimpl
def pipl_runner(name: str, perform: Callable[[int], None]) -> Runner | None:
    """Give the runner `careful`."""
    return LocalRunner(perform, slots=1) if name == "careful" else None
