"""Reads and writes the files of the Asset type `settings`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipl_pipe import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
"""Version of the settings of all sample Task types."""


def write_settings(path: Path, settings: Mapping[str, Any]) -> None:
    """Write settings as people like to edit them."""
    text = json.dumps({"format": FORMAT, **settings}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_settings(path: Path) -> dict[str, Any]:
    """Read settings.

    Raises:
        PipelineError: The file holds something else, or another format of it.
    """
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        version = settings.pop("format")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        msg = f"The settings in {path.name} cannot be read."
        raise PipelineError(msg, context=repr(error), hint="Build them again.") from error
    if version != FORMAT:
        msg = f"Format {version!r} of the settings in {path.name} is not known here."
        raise PipelineError(msg, context=f"This packl knows format {FORMAT}.")
    return dict(settings)
