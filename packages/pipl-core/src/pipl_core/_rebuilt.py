"""A `pyproject.toml` made from a wheel's metadata, where the wheel has no copy of the packl's own."""

from __future__ import annotations

import configparser
from collections.abc import Iterable
from email.message import Message
from typing import Any

import tomlkit
from packaging.requirements import Requirement

_SCRIPTS = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}


def pyproject_text(metadata: Message, entry_points: str, module: str) -> str:
    """Return the text of a `pyproject.toml` that builds a packl with the same metadata.

    Args:
        metadata: The wheel's core metadata.
        entry_points: Text of its `entry_points.txt`.
        module: Import name of the packl.
    """
    document = tomlkit.document()
    document["build-system"] = {
        "requires": ["hatchling>=1.27"],
        "build-backend": "hatchling.build",
    }
    document["project"] = _project(metadata, entry_points)
    document["tool"] = {
        "hatch": {"build": {"targets": {"wheel": {"packages": [f"src/{module}"]}}}},
    }
    return tomlkit.dumps(document)


def _project(metadata: Message, entry_points: str) -> dict[str, Any]:
    project: dict[str, Any] = {"name": metadata["Name"], "version": metadata["Version"]}
    for key, field in (("description", "Summary"), ("requires-python", "Requires-Python")):
        if metadata[field]:
            project[key] = metadata[field]
    if metadata.get_payload():
        project["readme"] = "README.md"
    if metadata["License-Expression"]:
        project["license"] = metadata["License-Expression"]
    if metadata["Keywords"]:
        project["keywords"] = metadata["Keywords"].split(",")
    project["classifiers"] = metadata.get_all("Classifier", [])
    urls = [url.partition(",") for url in metadata.get_all("Project-URL", [])]
    if urls:
        project["urls"] = {label.strip(): url.strip() for label, _, url in urls}
    requires = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    extras = metadata.get_all("Provides-Extra", [])
    project["dependencies"] = [str(r) for r in requires if _extra(r, extras) is None]
    if extras:
        project["optional-dependencies"] = {
            extra: [_without_extra(r, extra) for r in requires if _extra(r, extras) == extra]
            for extra in extras
        }
    project.update(_entry_points(entry_points))
    return project


def _entry_points(text: str) -> dict[str, Any]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    parser.read_string(text)
    found: dict[str, Any] = {}
    for group in parser.sections():
        points = dict(parser[group])
        if group in _SCRIPTS:
            found[_SCRIPTS[group]] = points
        else:
            found.setdefault("entry-points", {})[group] = points
    return found


def _extra(requirement: Requirement, extras: Iterable[str]) -> str | None:
    """Return the extra that a requirement belongs to; hatchling writes it at the marker's end."""
    marker = str(requirement.marker or "")
    return next((extra for extra in extras if marker.endswith(f'extra == "{extra}"')), None)


def _without_extra(requirement: Requirement, extra: str) -> str:
    marker = str(requirement.marker).removesuffix(f'extra == "{extra}"').removesuffix(" and ")
    if marker.startswith("(") and marker.endswith(")"):
        marker = marker[1:-1]
    text = str(requirement).rpartition(";")[0].rstrip()
    return f"{text}; {marker}" if marker else text
