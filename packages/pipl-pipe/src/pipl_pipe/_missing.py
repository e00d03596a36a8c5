"""Explains what no packl here gives, naming the packls of the project that would."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ._made_packls import tool_variables
from ._settings import settings
from .errors import Explanation, PipelineError

LONGEST = 8
"""Seconds that a person waits for names of packls, before the error comes without them."""


def explained(group: str, name: str, there: Sequence[str]) -> Explanation:
    """Return context and hint for a name that nobody in this environment gives.

    Args:
        group: Group of entry points that would declare it.
        name: The name.
        there: Names that somebody gives.
    """
    import difflib

    lines = [f"There are: {', '.join(there) or 'none'}."]
    providers = project_providers(group, name)
    near = difflib.get_close_matches(name, there, 1)
    if providers:
        lines += [f"{packl} {version} would provide it." for packl, version in providers]
        hint = f"pipl work install {providers[0][0]}"
    elif near:
        hint = f"Did you mean {near[0]!r}?"
    else:
        hint = f"Check the spelling, or `pipl work install` the packl that gives {name!r}."
    return "\n".join(lines), hint


def project_providers(group: str, name: str) -> list[tuple[str, str]]:
    """Ask the tool side which packls of the project's index would give a name.

    Returns:
        Names and newest versions; none where there is no tool, no server, or no answer in time.
    """
    import subprocess  # seldom needed, and slow to import

    try:
        told = settings()
    except PipelineError:
        return []
    if not told.tool or told.project is None:
        return []
    words = ["plugins", "providers", group, name, "--json", "--path", str(told.project)]
    try:
        done = subprocess.run(
            [*told.tool, *words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            env=tool_variables(),
        )
        return [(each["name"], each["version"]) for each in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return []
