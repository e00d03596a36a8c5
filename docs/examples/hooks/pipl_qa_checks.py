"""Ask that each packl says what it is for."""

from __future__ import annotations

from collections.abc import Iterable

from pipl_hooks import QaCheck, hookimpl

PROGRAM = "import sys; from importlib.metadata import metadata as read; sys.exit({})"
MISSING = "not read(sys.argv[1])['Summary'] and 'There is no summary.'"


@hookimpl
def pipl_qa_checks() -> Iterable[QaCheck]:
    """Have the Python of the clean environment look at its metadata."""
    return [QaCheck("it has a summary", ("-c", PROGRAM.format(MISSING), "{name}"))]
