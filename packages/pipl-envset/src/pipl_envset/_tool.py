"""An installed tool, as an EnvSet declares it, and as it was found."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional, Union

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ._probes import PrintedVersion
from .errors import EnvSetError

Search = Union[Sequence[str], Mapping[str, Sequence[str]]]
Commands = Union[Sequence[str], Mapping[str, Sequence[str]]]
Probe = Callable[[Path], str]

PLATFORMS = {"darwin": "macos", "win32": "windows"}


@dataclass(frozen=True)
class Tool:
    """Declares an installed tool, as an attribute of an EnvSet's class.

    Attributes:
        name: Name of the tool, by which people configure it: `[config.tools]` `blender = "/…"`.
        requires: Versions that fit (PEP 440); any where empty.
        search: Where it may be, for all platforms or by `linux`, `macos`, `windows`: patterns of
            paths, which may begin with `~` or `$VARIABLE`, and names of programs on the PATH. Its
            own name on the PATH where nothing is said.
        version: Tells the version of a program; None where nobody needs to know. By default the
            first number that the program prints for `--version`.
        commands: Commands that start it, each with the arguments that always come first; those
            of another name than the tool's start the program of that name beside it. One with the
            tool's own name where nothing is said.
        optional: Whether all is well without it.
    """

    name: str
    requires: str = ""
    search: Search = ()
    version: Optional[Probe] = field(default_factory=PrintedVersion)  # noqa: UP045  for 3.9
    commands: Commands = ()
    optional: bool = False

    def __post_init__(self) -> None:
        """Find out whether this makes sense.

        Raises:
            EnvSetError: It does not.
        """
        try:
            SpecifierSet(self.requires)
        except InvalidSpecifier as error:
            msg = f"The tool {self.name!r} requires {self.requires!r}, which names no versions."
            raise EnvSetError(msg, hint="For example: >=3.4,<4.") from error
        if self.requires and self.version is None:
            msg = f"The tool {self.name!r} requires {self.requires}, but nothing tells its version."
            raise EnvSetError(msg, hint="Leave out `version`, or give it a function.")
        if isinstance(self.search, str) or isinstance(self.commands, str):
            msg = f"`search` and `commands` of the tool {self.name!r} must be lists."
            raise EnvSetError(msg)

    def places(self) -> list[str]:
        """Return where it may be on this platform."""
        search = self.search
        if isinstance(search, Mapping):
            search = search.get(platform(), ())
        return list(search) or [self.name]

    def arguments(self) -> dict[str, list[str]]:
        """Return its commands, each with the arguments that always come first."""
        if isinstance(self.commands, Mapping):
            return {name: list(arguments) for name, arguments in self.commands.items()}
        return {name: [] for name in self.commands or [self.name]}


@dataclass(frozen=True)
class FoundTool:
    """A tool that was found.

    Attributes:
        name: Name of the tool.
        program: Path of its program.
        version: Its version; empty where nobody asked.
    """

    name: str
    program: Path
    version: str

    @property
    def folder(self) -> Path:
        """Folder of its program, with links resolved: of the real installation."""
        return self.program.resolve().parent


class ToolMissingError(EnvSetError):
    """A tool was not found; what depends on it is left out of the environment."""


def platform() -> str:
    """Return the name of this platform: `linux`, `macos` or `windows`."""
    return PLATFORMS.get(sys.platform, "linux")
