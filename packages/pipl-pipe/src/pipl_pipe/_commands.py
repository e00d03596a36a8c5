"""Commands of Tasks: methods of their class, and functions of other packls, as programs."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, overload

from pipl_hooks import PiplError, entry_points

from ._arguments import parsed
from ._points import clash, load
from .errors import PipelineError

if TYPE_CHECKING:
    from pipl_hooks import PluginSource
    from pipl_hooks.installed import EntryPoint

    from ._tasks import Task

COMMAND_GROUP = "pipl_pipe.task_command"
_PROGRAM = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*\Z")


@dataclass(frozen=True)
class TaskCommand:
    """A command of a Task.

    Attributes:
        name: What comes after the Task's name and a dash: `sh010_anim-build`.
        attribute: The method; empty where another packl gives the command.
        help: First line of its docstring.
        plain: Program by which it can be called in the workspace of its Task: `task-build`.
        packl: The packl that gives it, where the Task's type does not.
    """

    name: str
    attribute: str
    help: str
    plain: str = ""
    packl: str = ""


class Command:
    """A function that is a command of Tasks; made by `command`.

    Args:
        function: Called with the Task, and with what is asked for behind the program's name.
        plain: Its plain program; the usual one where None.

    Raises:
        PipelineError: No program can be called that.
    """

    def __init__(self, function: Callable[..., Any], plain: str | None = None) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name: str = function.__name__.replace("_", "-")
        self.plain = plain_name(self.name) if plain is None else plain
        if self.plain and not _PROGRAM.match(self.plain):
            msg = f"{self.plain!r:.100} cannot be the name of a program."
            raise PipelineError(
                msg, hint="Use letters, digits, and - _ . between them: open-scene."
            )

    def __call__(self, task: Task, *args: Any, **keywords: Any) -> int:  # noqa: ANN401
        """Run the command, and return its exit status; an error that pipl knows is shown."""
        try:
            return self._status(self.function(task, *args, **keywords))
        except PiplError as error:
            print(f"{task.name}: {error}", file=sys.stderr)  # noqa: T201  this is a program
            return 1

    def _status(self, answer: object) -> int:
        if answer is None or isinstance(answer, int):
            return int(answer or 0)
        msg = f"The command {self.name!r} ended with {answer!r:.100}, which is no exit status."
        raise PipelineError(msg, hint="It may return None or a whole number; print what it found.")

    @property
    def help(self) -> str:
        """First line of its docstring."""
        return (self.__doc__ or "").strip().partition("\n")[0]

    @overload
    def __get__(self, instance: None, owner: type) -> Command: ...
    @overload
    def __get__(self, instance: Task, owner: type) -> BoundCommand: ...
    def __get__(self, instance: Task | None, owner: type) -> Command | BoundCommand:
        """Return the command of one Task."""
        return self if instance is None else BoundCommand(self, instance)


class BoundCommand:
    """A command of one Task."""

    def __init__(self, command: Command, task: Task) -> None:
        functools.update_wrapper(self, command)
        self.command = command
        self.task = task

    def __call__(self, *args: Any, **keywords: Any) -> int:  # noqa: ANN401
        """Run the command, and return its exit status."""
        return self.command(self.task, *args, **keywords)

    def main(self) -> int:
        """Run the command of that name as a program, with the arguments of this process."""
        return run(self.task, self.command.name)


@overload
def command(method: Callable[..., Any]) -> Command: ...
@overload
def command(method: str | None = None) -> Callable[[Callable[..., Any]], Command]: ...
def command(
    method: Callable[..., Any] | str | None = None,
) -> Command | Callable[[Callable[..., Any]], Command]:
    """Make a method of a Task class, or a function that takes a Task, a command.

    Its parameters become arguments of the program; `*args` takes whatever stands there. It may
    return an exit status; an error that pipl knows is shown as one.

    Args:
        method: The method; or the name of the plain program, as in `@command("open-scene")`,
            an empty one for none.
    """
    if callable(method):
        return Command(method)
    plain = method
    return lambda function: Command(function, plain)


def plain_name(name: str) -> str:
    """Return the plain program of a command: `open-scene`, and `task-open` for a single word.

    A single word, such as `open`, `view` or `export`, could hide a program of the system.
    """
    return name if "-" in name else f"task-{name}"


def commands_of(task: Task) -> dict[str, tuple[TaskCommand, Callable[[], Command]]]:
    """Return the commands of a Task by name, each with what loads it.

    Those of its class come first. A packl takes the place of one by giving another of its name,
    for all Tasks (`open`), or for those of one type (`anim.open`), which goes first.

    Raises:
        PipelineError: Two packls give the same.
    """
    cls = type(task)
    found: dict[str, tuple[TaskCommand, Callable[[], Command]]] = {}
    for own in cls.commands():
        found[own.name] = (own, functools.partial(getattr, cls, own.attribute))
    plains = {own.plain for own in cls.commands()}
    for type_name in ("", cls.type_name):
        for name, (source, loader) in _given(type_name).items():
            try:
                loaded = loader()
                help_, plain = loaded.help, loaded.plain
            except PipelineError as error:
                help_, plain = f"Cannot be run: {error.context}", plain_name(name)
            if name in found:  # the program that people know stays
                plain = found[name][0].plain
            elif plain in plains:
                plain = ""
            plains.add(plain)
            found[name] = (TaskCommand(name, "", help_, plain, source.packl), loader)
    return found


def run(task: Task, name: str, arguments: Sequence[str] | None = None) -> int:
    """Run a command of a Task as a program, and return its exit status.

    Args:
        task: The Task.
        name: Name of the command.
        arguments: Arguments of the program; those of this process where None.
    """
    try:
        _, loader = commands_of(task)[name]
        found = loader()
    except PiplError as error:
        print(f"{task.name}: {error}", file=sys.stderr)  # noqa: T201  this is a program
        return 1
    program = Path(sys.argv[0]).name if arguments is None else f"{task.name}-{name}"
    args, keywords = parsed(
        found.function, program, sys.argv[1:] if arguments is None else arguments
    )
    try:
        status = found(task, *args, **keywords)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"\n{program}: interrupted.", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has gone; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _given(type_name: str) -> dict[str, tuple[PluginSource, Callable[[], Command]]]:
    """Return what packls give for Tasks of a type; for all of them where it is empty."""
    found: dict[str, tuple[PluginSource, Callable[[], Command]]] = {}
    for source, point in entry_points(COMMAND_GROUP):
        of_type, _, name = point.name.rpartition(".")
        if of_type != type_name:
            continue
        if name in found:
            raise clash("command", point.name, found[name][0], source)
        found[name] = (source, functools.partial(_loaded, name, source, point))
    return found


def _loaded(name: str, source: PluginSource, point: EntryPoint) -> Command:
    loaded = load(source, point, "command")
    if isinstance(loaded, Command):
        return loaded
    if not callable(loaded):
        context = f"{source.module} is {loaded!r:.100}."
        msg = f"The command {name!r} of {source} is no function."
        hint = "The entry point must name a function that takes a Task."
        raise PipelineError(msg, context=context, hint=hint)
    return Command(loaded, plain_name(name))
