"""Reads the metadata of installed distributions: as little as possible, and as it is needed.

The standard `importlib.metadata` takes longer to import than all of this takes to read sixty
packls. It is asked for what lies in no plain folder: archives on the path, and what importers of
others tell.
"""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable

from .references import normalized_name

_SUFFIXES = (".dist-info", ".egg-info")
_HEAD_FILES = ("METADATA", "PKG-INFO", "")
"""The last one is for metadata that is a file itself, instead of a folder."""

_VALUE = re.compile(r"([\w.]+)\s*(?::\s*([\w.]+))?\s*(?:\[.*\])?\Z")

Reader = Callable[[str], "str | None"]


@dataclass(frozen=True)
class EntryPoint:
    """A name that a distribution declares, and the object that it stands for.

    Attributes:
        name: The name.
        value: Where the object is: `module:attribute`, or `module`.
        group: What kind of thing it is.
    """

    name: str
    value: str
    group: str

    @property
    def module(self) -> str:
        """Name of the module."""
        return self.value.partition(":")[0].partition("[")[0].strip()

    def load(self) -> Any:  # noqa: ANN401  an entry point may name anything
        """Import the object.

        Raises:
            ValueError: The value is none of an entry point.
        """
        match = _VALUE.match(self.value)
        if match is None:
            msg = f"{self.value!r:.100} is not module:attribute"
            raise ValueError(msg)
        module = importlib.import_module(match[1])
        return functools.reduce(getattr, filter(None, (match[2] or "").split(".")), module)


@dataclass(frozen=True)
class InstalledDistribution:
    """What the metadata of an installed distribution says.

    Attributes:
        name: Its name, as its author writes it.
        version: Its version.
        requires: Its requirements (PEP 508).
    """

    name: str
    version: str
    requires: tuple[str, ...]


class Record:
    """A distribution that was found; its files are read when they are asked for.

    Args:
        key: Its normalized name.
        read: Returns the text of one of its metadata files, or None.
        folder: Folder with its metadata; empty where it is in none.
    """

    def __init__(self, key: str, read: Reader, folder: str = "") -> None:
        self.key = key
        self.folder = folder
        self._read = read

    @functools.cached_property
    def head(self) -> InstalledDistribution | None:
        """What its metadata says; None for a folder that an uninstallation left behind."""
        try:
            text = next(filter(None, map(self._read, _HEAD_FILES)), "")
        except (OSError, ValueError):
            return None
        return _head(text)

    @functools.cached_property
    def declared(self) -> str:
        """Text of its entry points.

        Raises:
            Exception: It cannot be read.
        """
        return self._read("entry_points.txt") or ""

    @functools.cached_property
    def points(self) -> list[EntryPoint]:
        """Its entry points.

        Raises:
            Exception: They cannot be read, or make no sense.
        """
        return list(_points(self.declared))


def records() -> Iterator[Record]:
    """Yield all distributions on `sys.path`, those first whose modules Python imports."""
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")  # noqa: PTH208  quicker than a Path
        except NotADirectoryError:
            yield from _told_by_python(entry)
            continue
        except (OSError, ValueError):
            continue
        for name in names:
            stem, suffix = os.path.splitext(name)  # noqa: PTH122  a text
            if suffix in _SUFFIXES:
                folder = os.path.join(entry, name)  # noqa: PTH118
                key = normalized_name(stem.partition("-")[0])
                yield Record(key, functools.partial(_text, folder), folder)
    for finder in sys.meta_path:
        if finder is not importlib.machinery.PathFinder and hasattr(finder, "find_distributions"):
            yield from _told_by_python(finder=finder)


def _told_by_python(entry: str = "", finder: Any = None) -> Iterator[Record]:  # noqa: ANN401
    from importlib import metadata

    if finder is None:
        found = metadata.distributions(path=[entry])
    else:
        found = finder.find_distributions(metadata.DistributionFinder.Context())
    for each in found:
        record = Record("", each.read_text)
        if record.head is not None:
            record.key = normalized_name(record.head.name)
            yield record


def _text(folder: str, name: str) -> str | None:
    path = os.path.join(folder, name) if name else folder  # noqa: PTH118
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _head(text: str) -> InstalledDistribution | None:
    """Read the head of a distribution's metadata; its description may be long."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line:
            break
        key, _, value = line.partition(":")
        if not line[0].isspace():
            fields.setdefault(key.lower(), []).append(value.strip())
    name, version = (fields.get(key, [""])[0] for key in ("name", "version"))
    requires = tuple(fields.get("requires-dist", ()))
    return InstalledDistribution(name, version, requires) if name else None


def _points(text: str) -> Iterator[EntryPoint]:
    """Read `entry_points.txt`, see "Entry points specification" of PyPA."""
    group = None
    for line in map(str.strip, text.splitlines()):
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not (group and equals and name):
            msg = f"{line!r:.100} is no line of entry points"
            raise ValueError(msg)
        yield EntryPoint(name, value, group)
