"""Finds an installed tool: the hook names programs, and the first one that fits is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from pipl_pipe import plugins

from . import _search
from ._probes import ProbeError
from ._tool import FoundTool, Tool, ToolMissingError
from .errors import EnvSetError

if TYPE_CHECKING:
    from ._probes import KnownVersions


def find(tool: Tool, packl: str, known: KnownVersions) -> FoundTool:
    """Find a tool.

    Args:
        tool: The tool.
        packl: Packl of the EnvSet that declares it, for errors.
        known: Remembers versions.

    Raises:
        ToolMissingError: It is not there, or not in a version that fits. The context says where
            was looked, the hint how to configure it.
        EnvSetError: A plugin's answer, or the config, makes no sense.
    """
    places = tool.places()
    asked = {"name": tool.name, "requirement": tool.requires, "search": places}
    named = plugins().ask("pipl_find_tool", **asked) or ()
    if isinstance(named, str) or not isinstance(named, Sequence):
        msg = f"A plugin's pipl_find_tool answered {named!r:.100} for {tool.name}."
        raise EnvSetError(msg, hint="It must answer with a list of paths.")
    tried = []
    for program in map(Path, named):
        version, why_not = _version(program, tool, known)
        if why_not is None:
            return FoundTool(tool.name, program, version)
        tried.append(f"{program}: {why_not}")
    raise _missing(tool, packl, tried or _looked(tool.name, places, named))


def _version(program: Path, tool: Tool, known: KnownVersions) -> tuple[str, str | None]:
    """Return a program's version, and why it is not taken, if so."""
    if not program.is_file():
        return "", "there is no such program"
    if tool.version is None:
        return "", None
    try:
        version = known.version(program, tool.version)
        fits = not tool.requires or SpecifierSet(tool.requires).contains(
            Version(version), prereleases=True
        )
    except (ProbeError, OSError) as error:
        return "", str(error)
    except InvalidVersion:
        return version, f"{version!r:.100} is no version that can be compared"
    return version, None if fits else f"its version is {version}"


def _looked(name: str, places: Sequence[str], named: Sequence[str]) -> list[str]:
    lines = []
    places = _search.configured(name) or places
    for place in places:
        path = _search.expanded(place)
        if path is None:
            lines.append(f"{place}: not set")
        elif Path(path).name == path:
            lines.append(f"{path} on the PATH: there is none")
        else:
            lines.append(f"{path}: nothing there")
    return lines if list(named) == _search.programs(places) else ["A plugin names no program."]


def _missing(tool: Tool, packl: str, looked: Sequence[str]) -> ToolMissingError:
    what = f"{tool.name} {tool.requires}".strip()
    msg = f"The tool {what} of {packl} was not found."
    hint = (
        f'Install it, or say where it is: {tool.name} = "/path/of/{tool.name}" below '
        f"[config.{_search.CONFIG}] in the project's pipl.toml. Then `pipl work sync`."
    )
    return ToolMissingError(msg, context="\n".join(looked), hint=hint)
