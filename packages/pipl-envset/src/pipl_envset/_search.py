"""Where the programs of a tool could be on this machine."""

from __future__ import annotations

import glob
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipl_hooks.settings import FILE_NAME as ENVIRONMENT_MARKER
from pipl_pipe import services

from ._tool import platform
from .errors import EnvSetError

CONFIG = "tools"
"""Name of the config: `[config.tools]` in a project's `pipl.toml`, or a config packl's."""

_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")


def configured(name: str) -> list[str]:
    """Return where the studio says that a tool is; empty where it says nothing.

    Raises:
        EnvSetError: It says something that makes no sense.
    """
    said: Any = services.config.get(CONFIG, {}).get(name)
    if isinstance(said, Mapping):
        said = said.get(platform())
    if said is None:
        return []
    places = [said] if isinstance(said, (str, Path)) else said
    if not isinstance(places, Sequence) or not all(isinstance(p, (str, Path)) for p in places):
        msg = f"The config {CONFIG!r} says {said!r:.100} of {name}, which is no path."
        hint = "Give a path, a list of paths, or either by linux, macos and windows."
        raise EnvSetError(msg, hint=hint)
    return [str(place) for place in places]


def programs(places: Iterable[str]) -> list[str]:
    """Return the programs at some places, in their order, those of one pattern the newest first."""
    found: dict[str, None] = {}
    for place in places:
        found.update(dict.fromkeys(programs_at(place)))
    return list(found)


def programs_at(place: str) -> list[str]:
    """Return the programs at one place: of a pattern, or of a name on the PATH."""
    path = expanded(place)
    if path is None:
        return []
    if Path(path).name == path:
        named = shutil.which(path, path=os.pathsep.join(path_folders()))
        return [named] if named else []
    found = glob.glob(path) if glob.has_magic(path) else [path]  # noqa: PTH207  a whole path
    return sorted((p for p in found if Path(p).is_file()), key=_natural, reverse=True)


def expanded(place: str) -> str | None:
    """Return a place with `~` and variables filled in; None where a variable is not set."""
    if any(not os.environ.get(name) for name in _VARIABLE.findall(place)):
        return None
    filled = _VARIABLE.sub(lambda match: os.environ[match.group(1)], place)
    return str(Path(filled).expanduser()) if filled.startswith("~") else filled


def path_folders() -> list[str]:
    """Return the folders of the PATH, without those of environments that pipl made.

    There the commands of tools start what was found before.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in folders if folder and not _is_ours(Path(folder))]


def _is_ours(folder: Path) -> bool:
    own = Path(sys.prefix)
    above = (folder.parent, folder.parent.parent)
    return own in above or any((each / ENVIRONMENT_MARKER).is_file() for each in above)


def _natural(path: str) -> list[tuple[int, str]]:
    # So that blender-3.10 comes after blender-3.9.
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path)]
