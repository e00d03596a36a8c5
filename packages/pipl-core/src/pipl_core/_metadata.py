"""The shapes of what a `pyproject.toml` says of a packl, before anything relies on them.

The table is standardized: https://packaging.python.org/specifications/pyproject-toml/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipl_hooks import shapes

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
"""What every name in an index looks like; which of them a packl may have, `names` knows."""


def checked_metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table `[project]` of a `pyproject.toml`, whose values have the right shapes.

    Raises:
        KeyError: It lacks a name or a version, or itself.
        TypeError: A value has another shape.
        ValueError: The name is none.
    """
    project = shapes.table(data.get("project", {}), "[project]")
    name = shapes.text(project["name"], "name in [project]")
    if not _NAME.match(name):
        msg = f"{name!r:.150} is no name"
        raise ValueError(msg)
    shapes.text(project["version"], "version in [project]")
    for key, shape in _SHAPES.items():
        if key in project:
            shape(project[key], f"{key} in [project]")
    for extra, texts in project.get("optional-dependencies", {}).items():
        shapes.texts(texts, f"{extra} in [project.optional-dependencies]")
    for group, points in project.get("entry-points", {}).items():
        shapes.text_table(points, f"{group} in [project.entry-points]")
    return dict(project)


_SHAPES = {
    "description": shapes.text,
    "classifiers": shapes.texts,
    "dependencies": shapes.texts,
    "dynamic": shapes.texts,
    "entry-points": shapes.tables,
    "gui-scripts": shapes.text_table,
    "optional-dependencies": shapes.table,
    "requires-python": shapes.text,
    "scripts": shapes.text_table,
}
