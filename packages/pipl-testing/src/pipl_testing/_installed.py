"""Installed packls without an installer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipl_hooks import import_name

DEFAULT_INFO = 'format = 1\nkind = "code"\n'


def in_environment(
    folder: Path,
    name: str,
    code: str = "",
    *,
    version: str = "1.0.0",
    requires: Sequence[str] = (),
    entry_points: Mapping[str, Mapping[str, str]] | None = None,
    data: Mapping[str, str] | None = None,
) -> Path:
    """Write a packl as an installer would have, and return its import package.

    Args:
        folder: What the test puts on `sys.path`.
        name: Name of the packl.
        code: Its `__init__.py`.
        version: Its version.
        requires: Its requirements (PEP 508).
        entry_points: Its entry points, by group and name.
        data: Texts of its `_packl` folder by file name; a `packl.toml` of the kind code where
            there is none among them.
    """
    module = import_name(name)
    package = folder / module
    files = {
        f"{module}/__init__.py": code,
        f"{module}-{version}.dist-info/METADATA": _metadata(name, version, requires),
        f"{module}-{version}.dist-info/entry_points.txt": _entry_points(entry_points or {}),
    }
    for file, text in {"packl.toml": DEFAULT_INFO, **(data or {})}.items():
        files[f"{module}/_packl/{file}"] = text
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return package


def _metadata(name: str, version: str, requires: Sequence[str]) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    return "\n".join([*lines, *(f"Requires-Dist: {each}" for each in requires)]) + "\n"


def _entry_points(groups: Mapping[str, Mapping[str, str]]) -> str:
    lines: list[str] = []
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items()), ""]
    return "\n".join(lines)
