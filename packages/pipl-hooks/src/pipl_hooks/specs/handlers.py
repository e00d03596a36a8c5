"""Hooks that are called where a project's handlers run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Callable

from .._marker import hookspec

if TYPE_CHECKING:
    from pathlib import Path

    from ..interfaces import EventSource, Handler, Outcome, QaCheck, Runner


@hookspec
def pipl_companions(project: Path) -> Iterable[Sequence[str]]:  # type: ignore[empty-body]
    """Name programs that run beside a project's server.

    Called when `pipl proj start` has the server running. All answers count. A program that ends
    is started again; all are ended with the server.

    Args:
        project: Folder of the project.

    Returns:
        Commands, each as a list of arguments.
    """


@hookspec(firstresult=True)
def pipl_event_source(address: str) -> EventSource | None:
    """Give the source of a project's events.

    Called when the handlers start. The first answer wins; pipl's own, which follows the server's
    event feed, comes last.

    Args:
        address: Address of the project's server.

    Returns:
        The source, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_runner(name: str, perform: Callable[[int], None]) -> Runner | None:
    """Give the runner that performs handlers' runs.

    Called when the handlers start. The first answer wins; pipl's own, `local`, comes last.

    Args:
        name: The `runner` of the project's `pipl.toml`.
        perform: Performs one run in this process, given its number; a runner on other machines
            calls the like of it there.

    Returns:
        The runner, or None to leave it to others.
    """


@hookspec(firstresult=True)
def pipl_handler(name: str) -> Handler | None:
    """Give the handler of that name.

    Called for each run. The first answer wins; pipl's own, `qa` and `process`, come last.

    Args:
        name: The `handler` of a `[[stage]]` in the project's `pipl.toml`.

    Returns:
        The handler, or None to leave it to others.
    """


@hookspec
def pipl_qa_checks() -> Iterable[QaCheck]:  # type: ignore[empty-body]
    """Give further checks for the handler `qa`.

    Called for each run of QA. All answers count, in the order of registration.

    Returns:
        The checks.
    """


@hookspec
def pipl_run_ended(stage: str, name: str, version: str, outcome: Outcome) -> None:
    """Take notice of a run's end, for example to tell people.

    Called after the outcome was stored. All implementations are called; an exception is logged
    and changes nothing.

    Args:
        stage: Stage in which the packl arrived.
        name: Name of the packl.
        version: Version of the packl.
        outcome: How it ended.
    """
