"""Opening and writing USD stages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("pxr")

from pxr import Sdf, Usd, UsdGeom

from pipl_pipe import PipelineError, services
from sample_pipeline.usd import new_stage, open_stage, write_layer


@pytest.fixture(autouse=True)
def store(tmp_path):
    """Stand in for the asset store."""
    with services.overridden(asset_store=SimpleNamespace(products=tmp_path / "products")):
        yield tmp_path / "products"


def write(stage, path):
    write_layer(stage.GetRootLayer(), path)


def test_a_new_stage_has_units_and_a_default_prim(tmp_path):
    write(new_stage("World", 24), tmp_path / "a.usda")
    stage = Usd.Stage.Open(str(tmp_path / "a.usda"))
    assert str(stage.GetDefaultPrim().GetPath()) == "/World"
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert stage.GetTimeCodesPerSecond() == 24


def test_a_layer_can_be_written_over_another(tmp_path):
    path = tmp_path / "a.usda"
    write(new_stage("One", 24), path)
    write(new_stage("Two", 24), path)
    assert 'def Xform "Two"' in path.read_text()


def test_comments_are_left_out(tmp_path):
    stage = new_stage("World", 24)
    layer = stage.GetRootLayer()
    layer.documentation = "Generated from /some/where"
    layer.comment = "Monday"
    write_layer(layer, tmp_path / "a.usda")
    text = (tmp_path / "a.usda").read_text()
    assert "Generated" not in text
    assert "Monday" not in text


def test_references_are_found_by_their_location(tmp_path, store):
    model = store / "hero_usd" / "1.0.0" / "model" / "hero.usda"
    model.parent.mkdir(parents=True)
    write(new_stage("hero", 24), model)
    layer = Sdf.Layer.CreateAnonymous(".usda")
    prim = Sdf.CreatePrimInLayer(layer, "/World/hero")
    prim.referenceList.prependedItems.append(Sdf.Reference("hero_usd/1.0.0/model/hero.usda"))
    write_layer(layer, tmp_path / "shot.usda")
    stage = open_stage(tmp_path / "shot.usda")
    assert stage.GetPrimAtPath("/World/hero").GetTypeName() == "Xform"


def test_a_reference_that_is_not_found_is_an_error(tmp_path):
    layer = Sdf.Layer.CreateAnonymous(".usda")
    prim = Sdf.CreatePrimInLayer(layer, "/World")
    prim.referenceList.prependedItems.append(Sdf.Reference("gone_usd/1.0.0/model/gone.usda"))
    write_layer(layer, tmp_path / "shot.usda")
    with pytest.raises(PipelineError, match="refers to something that cannot be read") as caught:
        open_stage(tmp_path / "shot.usda")
    assert "gone_usd/1.0.0/model/gone.usda" in caught.value.context


def test_what_is_no_layer_is_an_error(tmp_path):
    (tmp_path / "a.usda").write_text("polygons!")
    with pytest.raises(PipelineError, match=r"a\.usda cannot be read by USD"):
        open_stage(tmp_path / "a.usda")
    with pytest.raises(PipelineError, match=r"b\.usda cannot be read by USD"):
        open_stage(tmp_path / "b.usda")
