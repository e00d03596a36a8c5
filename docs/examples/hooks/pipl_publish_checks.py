"""Ask for a summary that somebody wrote."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pipl_hooks import Problem, hookimpl


@hookimpl
def pipl_publish_checks(packl: Path) -> Iterable[Problem]:
    """Refuse the summary that pipl made up."""
    text = (packl / "pyproject.toml").read_text(encoding="utf-8")
    if tomllib.loads(text)["project"]["description"].startswith("A packl of the kind"):
        hint = "Write a description in pyproject.toml."
        return [Problem("Nobody said what it is for.", hint)]
    return []
