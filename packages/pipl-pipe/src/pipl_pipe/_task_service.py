"""The Task of this environment, and the types of Tasks: the service `tasks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipl_hooks import entry_points

from ._made_packls import make
from ._products import TASK_GROUP
from ._tasks import Task, the_task
from ._types import Types


class Tasks:
    """The Task of this environment, and the types that others may have.

    Attributes:
        types: Types of Tasks by name.
    """

    def __init__(self) -> None:
        self.types = Types("task")

    @property
    def current(self) -> Task:
        """The Task of this environment.

        Raises:
            PipelineError: There is none, or more than one.
        """
        return the_task()

    def names(self) -> list[str]:
        """List the packls that are Tasks here, without importing them: one at most."""
        return sorted({point.name for _, point in entry_points(TASK_GROUP)})

    def create(self, name: str, type_name: str, **entity: str) -> Task:
        """Make a packl of this workspace a Task, and return it; the same as `create_task`.

        Args:
            name: Name of the packl, which is made where there is none.
            type_name: Name of the type.
            entity: What it is about in the story: `sequence="sq010", shot="sh010"`.

        Raises:
            PipelineError: It could not be made; the context says why.
        """
        make("task", name, type_name, entity)
        return self.current


def make_tasks(config: Mapping[str, Any]) -> Tasks:  # noqa: ARG001  as each service is made
    """Make the service `tasks`."""
    return Tasks()
