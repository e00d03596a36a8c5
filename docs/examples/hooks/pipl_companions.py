"""Serve the folder of a project's logs to the browser, beside its server."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipl_hooks import hookimpl


@hookimpl
def pipl_companions(project: Path) -> Iterable[Sequence[str]]:
    """Run Python's own web server on any free port of this machine."""
    logs = str(project / "system" / "handlers")
    return [[sys.executable, "-m", "http.server", "0", "-b", "127.0.0.1", "-d", logs]]
