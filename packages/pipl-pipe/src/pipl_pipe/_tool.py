"""Commands of a workspace that the tool side carries out, since it edits packls."""

from __future__ import annotations

import subprocess
import sys

from pipl_hooks import PiplError

from ._made_packls import tool, tool_variables


def create_task() -> int:
    """Make a packl of this workspace a Task: `create_task NAME TYPE`."""
    return _call(["task", "create", *sys.argv[1:]])


def create_product() -> int:
    """Make a packl of this workspace a Product: `create_product NAME TYPE`."""
    return _call(["product", "create", *sys.argv[1:]])


def _call(arguments: list[str]) -> int:
    try:
        command = tool()
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        return 1
    return subprocess.call([*command, *arguments], env=tool_variables())
