"""The studio's configuration, which `services.config["sample"]` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONFIG: Mapping[str, Any] = {
    "show": "Sample Show",
    "resolution": [256, 144],
    "frame_step": 12,
    "samples": 16,
    "fps": 24,
}
"""The entry point `sample` of `pipl_pipe.config`."""
