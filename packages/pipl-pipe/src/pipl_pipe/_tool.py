"""Commands of a workspace that the tool side carries out, since it edits packls."""

from __future__ import annotations

import subprocess
import sys

from pipl_hooks import PiplError

from ._settings import settings
from .errors import PipelineError


def create_task() -> int:
    """Make a packl of this workspace a Task: `create_task NAME TYPE`."""
    return _call(["task", "create", *sys.argv[1:]])


def create_product() -> int:
    """Make a packl of this workspace a Product: `create_product NAME TYPE`."""
    return _call(["product", "create", *sys.argv[1:]])


def _call(arguments: list[str]) -> int:
    try:
        tool = settings().tool
        if not tool:
            msg = "This is a clean environment, in which nothing is edited."
            raise PipelineError(msg, hint="Work in a workspace: `pipl work create NAME`.")
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        return 1
    return subprocess.call([*tool, *arguments])
