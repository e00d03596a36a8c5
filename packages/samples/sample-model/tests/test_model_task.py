"""A model from its build to its Product."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pxr import Gf, Usd, UsdGeom, UsdShade

from pipl_assetstore import FolderStore
from pipl_pipe import BoundAsset, PipelineError, services, type_named
from sample_blender_env import opening
from sample_model import ModelProduct, ModelTask
from sample_model.scenes import summary, write_model
from sample_model.shapes import model_parts
from sample_pipeline.testing import Lab


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    assert lab.process("prop_crate_model", "model", {"asset": "crate"}) == ["prop_crate_model_usd"]
    return lab, lab.path("prop_crate_model_usd", "model")


def test_the_types_are_installed():
    assert type_named("task", "model") is ModelTask
    assert type_named("product", "model") is ModelProduct
    assert [each.name for each in ModelTask.commands()] == ["info", "build", "view", "open"]


def test_open_starts_blender_with_the_scene(monkeypatch, tmp_path):
    monkeypatch.setattr(BoundAsset, "current_path", lambda self: tmp_path / "crate.usda")
    monkeypatch.setattr(opening, "_blender", lambda: "/ws/.venv/pipl/bin/blender")
    started = []
    monkeypatch.setattr(subprocess, "call", lambda command: started.append(command) or 3)
    assert ModelTask("prop_crate_model").open() == 3
    (command,) = started
    assert (command[0], command[-2:]) == (
        "/ws/.venv/pipl/bin/blender",
        ["--", str(tmp_path / "crate.usda")],
    )


def test_open_without_blender_says_where_it_comes_from(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sample_blender_env.opening", None)
    assert ModelTask("prop_crate_model").open() == 1
    assert capsys.readouterr().err == (
        "prop_crate_model: Blender is no part of this environment.\n"
        'pipl work install "sample-model[edit]"\n'
    )


def test_the_product_is_a_real_model(crate):
    stage = Usd.Stage.Open(str(crate[1]))
    root = stage.GetDefaultPrim()
    assert str(root.GetPath()) == "/crate"
    assert Usd.ModelAPI(root).GetKind() == "component"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    beams = UsdGeom.Mesh(stage.GetPrimAtPath("/crate/Geom/Beams"))
    assert len(beams.GetPointsAttr().Get()) == 12 * 8
    assert list(beams.GetFaceVertexCountsAttr().Get()) == [4] * 12 * 6
    assert beams.GetSubdivisionSchemeAttr().Get() == "none"
    low, high = beams.GetExtentAttr().Get()
    assert Gf.IsClose(low, Gf.Vec3f(-0.405, 0.0, -0.405), 1e-6)
    assert Gf.IsClose(high, Gf.Vec3f(0.405, 0.8, 0.405), 1e-6)
    assert beams.GetDisplayColorAttr().Get()[0] == Gf.Vec3f(0.24, 0.12, 0.05)
    hint = UsdGeom.ModelAPI(root).GetExtentsHint()
    assert Gf.IsClose(hint[1], Gf.Vec3f(0.405, 0.8, 0.405), 1e-6)


def test_its_meshes_have_materials(crate):
    stage = Usd.Stage.Open(str(crate[1]))
    prim = stage.GetPrimAtPath("/crate/Geom/Planks")
    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    shader, _, _ = material.ComputeSurfaceSource()
    assert shader.GetIdAttr().Get() == "UsdPreviewSurface"
    assert shader.GetInput("diffuseColor").Get() == Gf.Vec3f(0.42, 0.24, 0.10)


def test_it_names_no_path_of_this_machine(crate):
    lab, path = crate
    assert path.name == "prop_crate_model_usd.model.usda"
    assert str(lab.folder) not in path.read_text()


def test_the_scene_is_the_same_each_time(tmp_path):
    path = tmp_path / "hero.usda"
    write_model(path, "hero", model_parts("hero"), 24)
    first = path.read_bytes()
    write_model(path, "hero", model_parts("hero"), 24)
    assert path.read_bytes() == first


def test_joints_can_be_turned(tmp_path):
    write_model(tmp_path / "hero.usda", "hero", model_parts("hero"), 24)
    stage = Usd.Stage.Open(str(tmp_path / "hero.usda"))
    arm = stage.GetPrimAtPath("/hero/Geom/ArmL")
    assert list(arm.GetAttribute("xformOpOrder").Get()) == ["xformOp:translate", "xformOp:rotateX"]
    assert arm.GetAttribute("xformOp:translate").Get() == Gf.Vec3d(0.385, 0.86, 0)


def test_a_summary_tells_what_is_there(crate):
    lab, path = crate
    with services.overridden(asset_store=FolderStore(lab.store)):
        assert summary(path) == [
            "default prim: /crate",
            "prims: 12, 3 of them meshes",
            "points: 264",
            "bounds: (-0.41, 0.00, -0.41) to (0.41, 0.80, 0.41) m",
        ]


def test_an_entity_without_asset_is_refused(tmp_path):
    with pytest.raises(PipelineError) as caught:
        Lab(tmp_path).process("char_hero_model", "model", {"shot": "sh010"})
    assert "The entity of char_hero_model has no 'asset'." in caught.value.context


def test_names_that_usd_does_not_allow_are_changed(tmp_path):
    write_model(tmp_path / "a.usda", "2nd-crate", model_parts("crate"), 24)
    stage = Usd.Stage.Open(str(tmp_path / "a.usda"))
    assert str(stage.GetDefaultPrim().GetPath()) == "/_nd_crate"
