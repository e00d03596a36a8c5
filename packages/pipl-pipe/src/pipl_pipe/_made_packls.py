"""Makes packls of this workspace Tasks and Products, by calling the tool side, which edits them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from pipl_hooks.trace import traced

from ._installed import workspace
from ._settings import settings
from .errors import PipelineError


def make(kind: str, name: str, type_name: str, entity: Mapping[str, str]) -> None:
    """Make a packl of this workspace a Task or a Product, so that this process can import it.

    Args:
        kind: `task` or `product`.
        name: Name of the packl.
        type_name: Name of the type.
        entity: What it is about in the story.

    Raises:
        PipelineError: It could not be made; the context says why.
    """
    import importlib
    import site
    import subprocess
    import sysconfig

    arguments = [kind, "create", "--path", str(workspace())]
    for key, value in entity.items():
        arguments += ["--entity", f"{key}={value}"]
    done = subprocess.run(
        [*tool(), *arguments, "--", name, type_name],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=tool_variables(),
    )
    if traced("hooks"):
        print(done.stderr, end="", file=sys.stderr)  # noqa: T201  asked for
    if done.returncode != 0:
        msg = f"The {kind} {name!r} of the type {type_name!r} could not be made."
        context, hint = _explained(done.stderr)
        raise PipelineError(msg, context=context or f"It ended with {done.returncode}.", hint=hint)
    # A packl in edition is on the path by a .pth file, which Python reads when it starts.
    site.addsitedir(sysconfig.get_path("purelib"))
    importlib.invalidate_caches()


def tool_variables() -> dict[str, str]:
    """Return the variables of the tool side: without those that point Python to our packages."""
    ours = {"PYTHONHOME", "PYTHONPATH"}  # as artists' tools set them for their own Python
    return {name: value for name, value in os.environ.items() if name not in ours}


def _explained(text: str) -> tuple[str, str | None]:
    """Return the error and the hint in what `pipl` said, without the steps before."""
    _, found, error = text.partition("error: ")
    context, _, hint = (error if found else text).partition("\nhint: ")
    return context.strip(), hint.strip() or None


def tool() -> list[str]:
    """Return the command of the tool side.

    Raises:
        PipelineError: There is none, since this is no workspace.
    """
    found = list(settings().tool)
    if not found:
        msg = "This is a clean environment, in which nothing is edited."
        raise PipelineError(msg, hint="Work in a workspace: `pipl work create NAME`.")
    return found
