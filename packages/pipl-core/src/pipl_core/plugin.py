"""pipl's own answers to the hooks of the tool environment; a studio's always win over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipl_hooks import hookimpl, import_name
from pipl_hooks.packl import PRIVATE_CLASSIFIER

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import Catalogue, Installer


@hookimpl(trylast=True)
def pipl_installer(name: str) -> Installer | None:
    """Give uv or pip."""
    from .installers import PipInstaller, UvInstaller

    if name == "uv":
        return UvInstaller()
    return PipInstaller() if name == "pip" else None


@hookimpl(trylast=True)
def pipl_catalogue(project: Path, address: str) -> Catalogue:
    """Give the catalogue that reads the project's indexes."""
    from .catalogue import IndexCatalogue
    from .project import Project

    del address  # which the project knows
    return IndexCatalogue(Project(project))


@hookimpl(trylast=True)
def pipl_packl_files(name: str, kind: str, summary: str) -> Mapping[str, str]:
    """Give the skeleton of a packl: metadata, code that imports, and a test of that."""
    module = import_name(name)
    summary = summary or f"A packl of the kind {kind}"
    return {
        "pyproject.toml": _PYPROJECT.format(
            name=name,
            module=module,
            summary=json.dumps(summary, ensure_ascii=False),
            classifier=PRIVATE_CLASSIFIER,
        ),
        "README.md": f"# {name}\n\n{summary}.\n",
        f"src/{module}/__init__.py": f'"""{_docstring(summary)}."""\n',
        f"tests/test_{module}.py": _TEST.format(module=module),
    }


def _docstring(summary: str) -> str:
    return summary.replace("\\", "\\\\").replace('"', "'").rstrip(".")


_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "0.1.0"
description = {summary}
readme = "README.md"
requires-python = ">=3.9"
classifiers = ["{classifier}"]
dependencies = []

[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
"""

_TEST = """\
import {module}


def test_it_imports() -> None:
    assert {module}.__doc__
"""
