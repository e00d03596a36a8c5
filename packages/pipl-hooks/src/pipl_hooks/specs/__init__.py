"""All hook specifications, by the place where they are called.

- `pipeline`: in the environment of a workspace
- `tools`: in the tool environment, where the `pipl` command runs
- `handlers`: where a project's handlers run
"""

from __future__ import annotations

from . import handlers, pipeline, tools

ALL = (pipeline, tools, handlers)
"""Modules with hook specifications."""

__all__ = ["ALL", "handlers", "pipeline", "tools"]
