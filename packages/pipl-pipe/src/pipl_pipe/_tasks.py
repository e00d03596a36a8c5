"""Tasks: the Products that people work in, with their commands and what they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_hooks import entry_points

from ._commands import Command, TaskCommand, command
from ._drafts import Draft
from ._products import TASK_GROUP, Product
from .errors import PipelineError


class Task(Product):
    """A Task, as its packl's code instantiates it: `TASK = AnimTask(__name__)`.

    A type of Task is a class that declares Assets for the files that people edit, commands, and
    `outputs`: the Products that it makes, which `export` writes.

    Attributes:
        type_name: Unique name of the type.
        outputs: Classes of the Products that it makes, by the name of the output.
    """

    type_name: ClassVar[str] = "task"
    outputs: ClassVar[Mapping[str, type[Product]]] = {}

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Write the Assets of the Products that this Task makes.

        Runs where the project's handlers run, in a clean environment made from the Task's lock.

        Args:
            outputs: The Products to write, by the name of the output.
        """

    @classmethod
    def commands(cls) -> list[TaskCommand]:
        """List the commands of this type, in the order of their definition."""
        found: dict[str, TaskCommand] = {}
        for base in reversed(cls.__mro__):
            for attribute, value in vars(base).items():
                if isinstance(value, Command):
                    name, plain = value.name, value.plain
                    found[name] = TaskCommand(name, attribute, value.help, plain)
        return list(found.values())

    @command
    def info(self) -> None:
        """Show what the task is about, its Assets and the Products that it depends on."""
        print(f"{self.name} {self.version} ({self.type_name})")  # noqa: T201
        for key, value in self.entity.items():
            print(f"  {key}: {value}")  # noqa: T201
        for asset in self.assets.values():
            place = asset.work_path if asset.work_path.exists() else "not edited here"
            print(f"  Asset {asset.name} ({asset.declared.type_name}): {place}")  # noqa: T201
        for product in self.dependencies():
            print(f"  depends on {product.name} {product.version}")  # noqa: T201


def the_task() -> Task:
    """Return the Task of this environment.

    Raises:
        PipelineError: There is none, or more than one.
    """
    points = entry_points(TASK_GROUP)
    names = ", ".join(point.name for _, point in points)
    if len(points) != 1:
        msg = (
            "This environment has no Task." if not points else "This environment has several Tasks."
        )
        hint = "Make one with `create_task NAME TYPE`." if not points else f"Keep one of {names}."
        raise PipelineError(msg, hint=hint)
    task = points[0][1].load()
    if not isinstance(task, Task):
        msg = f"The entry point {names!r} of pipl_pipe.task names no Task but {task!r:.100}."
        raise PipelineError(msg, hint="It must name an instance of a class derived from Task.")
    return task
