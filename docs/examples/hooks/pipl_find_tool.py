"""Take tools from the studio's file server, whatever an EnvSet searches for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pipl_hooks import hookimpl


@hookimpl
def pipl_find_tool(name: str) -> Sequence[str] | None:
    """Name the newest first; what is not on the server is looked for as always."""
    server = Path(os.environ.get("STUDIO_TOOLS", "/studio/tools"))
    versions = sorted(server.glob(f"{name}/*/{name}"), reverse=True)
    return [str(program) for program in versions] or None
