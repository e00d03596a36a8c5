"""Programs of a workspace's one Task, which its folder of programs has for each command."""

from __future__ import annotations

import sys
from pathlib import Path

from pipl_hooks import PiplError, entry_points

from . import _commands
from ._products import TASK_GROUP
from ._tasks import Task, the_task


def programs() -> dict[str, str]:
    """Return the commands of the workspace's one Task by the programs that call them.

    Empty where there is no Task, or more than one: a plain name must not be ambiguous.
    """
    if len(entry_points(TASK_GROUP)) != 1:
        return {}
    return _programs_of(the_task())


def main() -> int:
    """Run the command that the name of this program means."""
    name = Path(sys.argv[0]).name
    if name.lower().endswith(".exe"):
        name = name[:-4]
    try:
        task = the_task()
        found = _programs_of(task)
    except PiplError as error:
        print(f"{name}: {error}", file=sys.stderr)  # noqa: T201  this is a program
        return 1
    if name not in found:
        print(f"{name}: {task.name} has no such command now.", file=sys.stderr)  # noqa: T201
        print("Bring its programs up to date: `pipl work sync`.", file=sys.stderr)  # noqa: T201
        return 1
    return _commands.run(task, found[name])


def _programs_of(task: Task) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, (command, _) in _commands.commands_of(task).items():
        found[f"{task.name}-{name}"] = name
        if command.plain:
            found.setdefault(command.plain, name)
    return found
