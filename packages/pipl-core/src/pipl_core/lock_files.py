"""Which files of a lock one machine needs, and which of these can no longer be had."""

from __future__ import annotations

import contextlib
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from packaging import tags
from packaging.markers import Marker
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

if TYPE_CHECKING:
    from .project import Project


def locked_python(text: str) -> str | None:
    """Return the version of Python that a packl's lock was made with, `3.11`; None where unknown."""
    python = tomllib.loads(text).get("tool", {}).get("pipl", {}).get("python")
    return python if isinstance(python, str) and python else None


def unavailable(project: Project, lock: Path, python: Sequence[int]) -> list[str]:
    """Return what of a usable lock can no longer be had, each as one line that says why.

    Args:
        project: The project.
        lock: A lock with whole addresses, see `usable_lock`.
        python: Version of the Python that the environment is to have.

    Raises:
        ServerError: The server does not run.
    """
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    supported = {tag: i for i, tag in enumerate(_tags(python))}
    found = []
    with contextlib.closing(project.client()) as client:
        for package in packages:
            if not _applies(package, python):
                continue
            title = f"{package['name']} {package['version']}"
            url = _file_for(package, supported)
            if url is None:
                version = ".".join(map(str, python[:2]))
                found.append(f"{title}: no file of it is for Python {version} on this machine")
                continue
            why = client.missing(url.removeprefix(f"{project.address}/"))
            if why:
                found.append(f"{title}: {unquote(url.rpartition('/')[2])}: {why}")
    return found


def _file_for(package: Mapping[str, Any], supported: Mapping[tags.Tag, int]) -> str | None:
    """Return the address of the file that an installer takes: the best wheel, else the source."""
    fitting: dict[int, str] = {}
    for wheel in package.get("wheels", []):
        with contextlib.suppress(InvalidWheelFilename):
            name = unquote(wheel["url"].rpartition("/")[2])
            ranks = [supported[tag] for tag in parse_wheel_filename(name)[3] if tag in supported]
            if ranks:
                fitting[min(ranks)] = wheel["url"]
    if fitting:
        return fitting[min(fitting)]
    sdist = package.get("sdist")
    return str(sdist["url"]) if sdist else None


def _applies(package: Mapping[str, Any], python: Sequence[int]) -> bool:
    full = ".".join(map(str, python[:3]))
    values = {"python_version": ".".join(map(str, python[:2])), "python_full_version": full}
    return "marker" not in package or Marker(package["marker"]).evaluate(dict(values))


def _tags(python: Sequence[int]) -> list[tags.Tag]:
    if tuple(python[:2]) == sys.version_info[:2]:
        return list(tags.sys_tags())
    short = tuple(python[:2])
    cpython = list(tags.cpython_tags(short))
    return [*cpython, *tags.compatible_tags(short, f"cp{short[0]}{short[1]}")]
