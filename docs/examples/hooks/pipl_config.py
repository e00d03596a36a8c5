"""Tell the pipeline of this studio where its farm is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipl_hooks import hookimpl


@hookimpl
def pipl_config() -> Mapping[str, Mapping[str, Any]]:
    """Give the config of the service `farm`."""
    return {"farm": {"host": "farm.studio", "priority": 50}}
