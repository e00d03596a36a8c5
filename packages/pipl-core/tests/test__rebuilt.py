"""Metadata that is read back from a wheel."""

from __future__ import annotations

import shutil
import tomllib
import zipfile

import pytest

from pipl_core._rebuilt import pyproject_text
from pipl_core.building import build_wheel, wheel_metadata

pytestmark = pytest.mark.needs_tools

PROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "Char.Rig"
version = "1.2"
description = 'A "rig", äé'
readme = "README.md"
requires-python = ">=3.9"
license = "MIT"
keywords = ["rig", "neck"]
classifiers = ["Private :: pipl"]
dependencies = [
  "spine<2,>=1",
  "back-port; python_version < '3.11'",
  "usd[tools,view]>2",
]

[project.urls]
Docs = "http://studio/docs"

[project.optional-dependencies]
edit = ["blender>=1", "viewer; python_version < '3' or python_version > '4'"]
my-extra = ["tool[x]"]
empty = []

[project.scripts]
Rig-Open = "char_rig:TASK.open.main"

[project.gui-scripts]
rig-gui = "char_rig:gui"

[project.entry-points."pipl_pipe.asset"]
"char_rig.model" = "char_rig:TASK.model"

[tool.hatch.build.targets.wheel]
packages = ["src/char_rig"]
"""


def test_it_builds_the_same_metadata(tmp_path):
    text = PROJECT
    folder = tmp_path / "rig"
    (folder / "src" / "char_rig").mkdir(parents=True)
    (folder / "src" / "char_rig" / "__init__.py").touch()
    (folder / "README.md").write_text("# Rig\n\nText.\n")
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    first = build_wheel(folder, tmp_path / "1")
    with zipfile.ZipFile(first.path) as archive:
        (points,) = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
        entry_points = archive.read(points).decode()
    rebuilt = pyproject_text(wheel_metadata(first.path), entry_points, "char_rig")
    data, before = tomllib.loads(rebuilt), tomllib.loads(text)
    for each in (data, before):  # hatchling sorts what does not depend on its order
        each["project"]["dependencies"].sort()
    assert data["project"]["optional-dependencies"].pop("edit") == [
        "blender>=1",
        'viewer; python_version < "3" or python_version > "4"',
    ]
    del before["project"]["optional-dependencies"]["edit"]
    before["project"]["dependencies"] = [
        d.replace("'", '"') for d in before["project"]["dependencies"]
    ]
    before["project"]["keywords"].sort()
    assert data == before

    (folder / "pyproject.toml").write_text(rebuilt, encoding="utf-8")
    shutil.rmtree(tmp_path / "1")
    assert build_wheel(folder, tmp_path / "1").digest == first.digest


def test_of_bare_metadata_it_is_bare(tmp_path, pipl_home):
    from email.parser import HeaderParser

    message = HeaderParser().parsestr("Metadata-Version: 2.1\nName: rig\nVersion: 1\n")
    assert tomllib.loads(pyproject_text(message, "", "rig"))["project"] == {
        "name": "rig",
        "version": "1",
        "classifiers": [],
        "dependencies": [],
    }
