"""EnvSets, and those that are installed here in the order of their dependencies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Optional, Union

from pipl_hooks import entry_points, normalized_name
from pipl_hooks.installed import one_line
from pipl_pipe import InstalledPackl, dependency_order

from ._changes import Change
from ._tool import Tool
from .errors import EnvSetError

GROUP = "pipl_pipe.envset"


class EnvSet:
    """The settings of one tool and requirement, as its packl's code instantiates it.

    Args:
        module: Import name of the packl.

    Attributes:
        tool: The installed tool that it wraps; or the name of a tool of another EnvSet, on whose
            packl its own depends.
    """

    tool: ClassVar[Optional[Union[Tool, str]]] = None  # noqa: UP007, UP045  for 3.9

    def __init__(self, module: str) -> None:
        self.packl = InstalledPackl(module)

    @property
    def name(self) -> str:
        """Name of its packl."""
        return self.packl.name

    @property
    def tool_name(self) -> str | None:
        """Name of its tool."""
        return self.tool.name if isinstance(self.tool, Tool) else self.tool

    def changes(self) -> Iterable[Change]:
        """Return what the environment gets."""
        return ()

    def tool_changes(self) -> Iterable[Change]:
        """Return what the commands of its tool alone get, and nothing else in the environment.

        For variables that would harm other programs, such as PYTHONPATH.
        """
        return ()


def installed_envsets() -> list[EnvSet]:
    """Load the EnvSets of this environment, each after those that its packl depends on.

    Raises:
        EnvSetError: One of them cannot be loaded, or is no EnvSet.
    """
    points = {normalized_name(source.packl): (source, p) for source, p in entry_points(GROUP)}
    found = []
    for packl in dependency_order(points):
        if packl not in points:
            continue
        source, point = points[packl]
        try:
            envset = point.load()
        except (Exception, SystemExit) as error:
            msg = f"The EnvSet of {source} cannot be loaded."
            context = f"{source.module}: {one_line(error)}"
            raise EnvSetError(msg, context=context) from error
        if not isinstance(envset, EnvSet):
            msg = f"{source.module} of {source} is no EnvSet."
            raise EnvSetError(msg, hint="It must be an instance of a class derived from EnvSet.")
        found.append(envset)
    return found
