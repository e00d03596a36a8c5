"""What a value of an EnvSet can be computed from, late: when all packls are installed."""

from __future__ import annotations

import functools
import sysconfig
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import Environment, normalized_name

from ._tool import FoundTool, ToolMissingError
from .errors import EnvSetError

if TYPE_CHECKING:
    from ._envset import EnvSet


class Context:
    """What surrounds an EnvSet: its tool, the EnvSets before it, and the packls.

    Args:
        envset: The EnvSet.
        environment: What the EnvSets before it add up to; those on which it depends among them.
        tools: The tools that were found, by name.
    """

    def __init__(
        self, envset: EnvSet, environment: Environment, tools: Mapping[str, FoundTool]
    ) -> None:
        self.environment = environment
        self.tools = tools
        self._envset = envset

    @property
    def tool(self) -> FoundTool:
        """The EnvSet's own tool.

        Raises:
            ToolMissingError: It was not found; the change that needs it is left out.
            EnvSetError: The EnvSet has none.
        """
        name = self._envset.tool_name
        if name is None:
            msg = f"The EnvSet {self._envset.name} has no tool."
            raise EnvSetError(msg, hint="Declare one: tool = Tool(…).")
        if name not in self.tools:
            msg = f"The tool {name} was not found."
            raise ToolMissingError(msg)
        return self.tools[name]

    @functools.cached_property
    def packls(self) -> Mapping[str, str]:
        """Versions of all packls that are installed here, by normalized name."""
        named = ((dist.metadata["Name"], dist.version) for dist in metadata.distributions())
        return {normalized_name(name): version for name, version in named if name}

    @property
    def python_path(self) -> list[str]:
        """Folders by which another Python of the same version imports what is installed here.

        For the PYTHONPATH of a tool with a Python of its own. Besides the folder of the packages
        these are the sources of packls in edition, which that Python would not find by itself.
        """
        folders = [Path(path) for path in dict.fromkeys(map(sysconfig.get_path, _PACKAGES))]
        lines = [
            line.strip()
            for folder in folders
            for file in sorted(folder.glob("*.pth"))
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        ]
        edited = [
            line for line in lines if line and Path(line).is_absolute() and Path(line).is_dir()
        ]
        return list(dict.fromkeys([*map(str, folders), *edited]))


_PACKAGES = ("purelib", "platlib")
