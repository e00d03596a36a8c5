"""What this environment was told by the tool side that made it."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from pipl_hooks import FormatError
from pipl_hooks.settings import FILE_NAME, Settings

from .errors import PipelineError

LOCAL_STORE = "local_assets"
"""Service that keeps Assets beside a workspace, and is the asset store while that is offline."""


def is_offline() -> bool:
    """Tell whether this environment works without the project."""
    try:
        return settings().offline
    except PipelineError:  # pipl did not make it
        return False


def environment_folder() -> Path:
    """Return the folder of the environment from which this framework is imported.

    That is the one that Python itself belongs to, unless a tool with a Python of its own was told
    where the packls are (PYTHONPATH).
    """
    prefix = Path(sys.prefix)
    if (prefix / FILE_NAME).is_file():
        return prefix
    above = Path(__file__).absolute().parents
    return next((folder for folder in above if (folder / FILE_NAME).is_file()), prefix)


@functools.cache
def settings() -> Settings:
    """Return the settings of this environment.

    Raises:
        PipelineError: pipl did not make this environment.
    """
    path = environment_folder() / FILE_NAME
    try:
        return Settings.from_text(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, FormatError) as error:
        msg = "This is not the environment of a workspace."
        context = f"{path}: {error.context if isinstance(error, FormatError) else error}"
        hint = "Make a workspace with `pipl work create NAME`."
        raise PipelineError(msg, context=context, hint=hint) from error
