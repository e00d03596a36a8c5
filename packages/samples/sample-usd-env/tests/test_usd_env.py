"""What the EnvSet changes, and that USD takes notice."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipl_assetstore import FolderStore
from pipl_envset import installed_envsets, resolve
from pipl_pipe import services
from sample_usd_env import ENVSET

OPEN = """
import sys
from pxr import Usd
stage = Usd.Stage.Open(sys.argv[1])
print(stage.GetPrimAtPath("/World/hero").GetTypeName())
"""


@pytest.fixture
def environment(tmp_path):
    with services.overridden(asset_store=FolderStore(tmp_path / "assets")):
        yield resolve([ENVSET])


def test_it_is_installed():
    assert "sample_usd_env" in [each.name for each in installed_envsets()]


def test_products_are_on_the_search_path(environment, tmp_path):
    path = environment.variables["PXR_AR_DEFAULT_SEARCH_PATH"]
    assert [step.value for step in path.before] == [str(tmp_path / "assets" / "products")]
    assert environment.variables["SAMPLE_SHOW_FPS"].applied_to(None) == "24"


def test_usd_itself_finds_a_location(environment, tmp_path):
    model = tmp_path / "assets" / "products" / "hero_usd" / "1.0.0" / "model.usda"
    model.parent.mkdir(parents=True)
    model.write_text('#usda 1.0\n(\n    defaultPrim = "hero"\n)\ndef Xform "hero"\n{\n}\n')
    shot = tmp_path / "shot.usda"
    shot.write_text(
        '#usda 1.0\ndef "World"\n{\n    def "hero" (\n'
        "        prepend references = @hero_usd/1.0.0/model.usda@\n    )\n    {\n    }\n}\n"
    )
    value = environment.variables["PXR_AR_DEFAULT_SEARCH_PATH"].applied_to(None)
    variables = {**os.environ, "PXR_AR_DEFAULT_SEARCH_PATH": value}
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(shot)],
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "Xform"
