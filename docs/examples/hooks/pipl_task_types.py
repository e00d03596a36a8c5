"""Know the task of looking at something."""

from __future__ import annotations

from collections.abc import Iterable

from pipl_hooks import hookimpl
from pipl_pipe import Asset, Task, command


class ReviewTask(Task):
    """Notes on what others made."""

    type_name = "review"
    notes = Asset("file", optional=True)

    @command
    def note(self) -> None:
        """Write a note that all is well."""
        with self.notes.edit() as path:
            path.write_text("All is well.\n", encoding="utf-8")


@hookimpl
def pipl_task_types() -> Iterable[type]:
    """Give the type `review`."""
    return [ReviewTask]
