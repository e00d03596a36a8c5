"""`pipl ci start`, `status`, `logs`, `retry`, `cancel`, `history`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import console
from ..options import command, json_option, path_option, project_of

if TYPE_CHECKING:
    from pipl_ci import Run


@command("start", "pipl ci start\npipl ci start --once")
@click.option("--once", is_flag=True, help="Perform what is waiting, and return.")
@path_option()
def start(once: bool, path: Path) -> None:
    """Follow the project's events and perform the handlers' runs, until Ctrl-C.

    `pipl proj start` does this beside the server already.
    """
    from pipl_ci import conduct

    project = project_of(path)
    console.message(f"Following {project.name} at {project.address}")
    performed = conduct(project, once=once, progress=console.message)
    console.message(f"Performed {performed} run{'' if performed == 1 else 's'}.")


@command("status", "pipl ci status\npipl ci status --limit 200 --json")
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help="How many."
)
@json_option
@path_option()
def status(limit: int, as_json: bool, path: Path) -> None:
    """List the newest runs, the newest first."""
    from pipl_ci import Ledger

    with Ledger(project_of(path)) as ledger:
        _show_runs(ledger.runs(limit=limit), as_json, "There are no runs yet.")


@command("history", "pipl ci history shot_010_anim --json")
@click.argument("name")
@json_option
@path_option()
def history(name: str, as_json: bool, path: Path) -> None:
    """List all runs of a packl, the newest first."""
    from pipl_ci import Ledger

    with Ledger(project_of(path)) as ledger:
        _show_runs(ledger.runs(name=name, limit=10_000), as_json, f"There are no runs of {name}.")


@command("logs", "pipl ci logs 12")
@click.argument("run", type=int)
@path_option()
def logs(run: int, path: Path) -> None:
    """Show the log of a run."""
    from pipl_ci import Ledger
    from pipl_core import NotFoundError

    with Ledger(project_of(path)) as ledger:
        found = ledger.run(run)
    try:
        console.data(found.log.read_text(encoding="utf-8", errors="replace").rstrip("\n"))
    except OSError as error:
        msg = f"The run {run} has no log: it is {found.state}."
        context = f"{found.log}: {error.strerror}"
        hint = "A queued run gets one when it starts."
        raise NotFoundError(msg, context=context, hint=hint) from error


@command("retry", "pipl ci retry 12")
@click.argument("run", type=int)
@path_option()
def retry(run: int, path: Path) -> None:
    """Have a run performed once more."""
    from pipl_ci import Ledger

    with Ledger(project_of(path)) as ledger:
        found = ledger.retry(run)
    console.message(f"The run {found.id} of {found.name} {found.version} is {found.state}.")


@command("cancel", "pipl ci cancel 12")
@click.argument("run", type=int)
@path_option()
def cancel(run: int, path: Path) -> None:
    """Stop a run, or keep it from starting."""
    from pipl_ci import Ledger

    with Ledger(project_of(path)) as ledger:
        found = ledger.cancel(run)
    console.message(f"The run {found.id} of {found.name} {found.version} is {found.state}.")


def _show_runs(runs: Sequence[Run], as_json: bool, empty: str) -> None:
    if as_json:
        console.json_data(runs)
        return
    rows = [
        (
            str(run.id),
            run.state,
            run.stage,
            run.handler,
            run.name,
            run.version,
            str(run.attempt),
            run.ended or run.started or run.created,
            run.summary.partition("\n")[0] or "-",
        )
        for run in runs
    ]
    header = ("RUN", "STATE", "STAGE", "HANDLER", "PACKL", "VERSION", "TRY", "TIME", "SUMMARY")
    console.table(header, rows, empty)
