"""Begin every packl with the studio's licence."""

from __future__ import annotations

from collections.abc import Mapping

from pipl_core import plugin as own
from pipl_hooks import hookimpl


@hookimpl
def pipl_packl_files(name: str, kind: str, summary: str) -> Mapping[str, str]:
    """Add a file to pipl's own skeleton."""
    return {**own.pipl_packl_files(name, kind, summary), "LICENSE": "All rights reserved.\n"}
