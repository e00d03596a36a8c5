"""Keeps secrets of a config out of what people read and pass on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"
_SECRET = re.compile(r"(?i)passw|secret|token|credential|(api|private)[-_]?key")


def masked(value: Any) -> Any:  # noqa: ANN401  plain data of any shape
    """Return plain data in which the values of keys such as `password` are hidden."""
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if isinstance(key, str) and _SECRET.search(key) and each else masked(each)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(each) for each in value]
    return value
