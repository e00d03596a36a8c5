"""A sample show: an edit, and the breakdown of its shots into tasks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

# The packl is installed as a folder, never as an archive, so its resources are files.
_DATA = Path(str(files(__name__))) / "data"

EDIT = _DATA / "sample.edl"
"""The edit, as CMX3600 (EDL), at 24 frames a second. A clip is called `<sequence>_<shot>`."""

RECIPE = _DATA / "recipe.toml"
"""The breakdown: assets, their casting in shots, and the tasks that assets and shots go through."""

__all__ = ["EDIT", "RECIPE"]
