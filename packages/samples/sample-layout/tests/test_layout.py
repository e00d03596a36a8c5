"""Layouts: places, references, and what the export makes of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pxr import Gf, UsdGeom

from pipl_assetstore import FolderStore
from pipl_pipe import PipelineError, services, type_named
from sample_layout import LayoutProduct, LayoutTask
from sample_layout.placing import place, view_of
from sample_layout.scenes import Shot, characters, copy_layout, write_layout
from sample_model.scenes import write_model
from sample_model.shapes import model_parts
from sample_pipeline.usd import open_stage

SHOT = Shot("sq010_sh010", (1001, 1048), 24, (256, 144))


def model(asset, version="1.0.0", **entity):
    name = f"{asset}_model_usd"
    location = f"{name}/{version}/model/{name}.model.usda"
    return SimpleNamespace(
        name=name, entity={"asset": asset, **entity}, model=SimpleNamespace(location=location)
    )


@pytest.fixture
def store(tmp_path):
    store = FolderStore(tmp_path / "assets")
    with services.overridden(asset_store=store):
        yield store


@pytest.fixture
def models(store):
    found = [model("hero"), model("crate"), model("ground")]
    for each in found:
        publish(store, each)
    return found


def publish(store, made):
    path = store.products / made.model.location
    path.parent.mkdir(parents=True)
    write_model(path, made.entity["asset"], model_parts("crate"), 24)


def test_the_types_are_installed():
    assert type_named("task", "layout") is LayoutTask
    assert type_named("product", "layout") is LayoutProduct


def test_each_role_has_its_place():
    placed = {each.name: each for each in place("sq010_sh010", [model("hero"), model("ground")])}
    assert list(placed) == ["ground_1", "hero_1"]
    assert placed["hero_1"].role == "character"
    assert placed["hero_1"].position == (0.0, 0.0, 0.0)
    assert (placed["ground_1"].position, placed["ground_1"].turn) == ((0.0, 0.0, 0.0), 0.0)


def test_props_come_three_times_and_stand_apart():
    placed = place("sq010_sh010", [model("vase")])
    assert [each.name for each in placed] == ["vase_1", "vase_2", "vase_3"]
    assert len({each.position for each in placed}) == 3
    assert all(each.position[1] == 0.0 for each in placed)


def test_the_entity_may_say_its_role():
    (placed,) = place("sq010_sh010", [model("vase", role="character")])
    assert placed.role == "character"


def test_a_shot_is_the_same_each_time_and_unlike_others():
    cast = [model("hero"), model("crate")]
    assert place("sq010_sh010", cast) == place("sq010_sh010", reversed(cast))
    assert place("sq010_sh010", cast) != place("sq010_sh020", cast)
    assert view_of("sq010_sh010") == view_of("sq010_sh010")
    assert view_of("sq010_sh010") != view_of("sq010_sh020")


def test_the_scene_refers_to_locations(tmp_path, models):
    path = tmp_path / "shot.usda"
    write_layout(path, SHOT, place(SHOT.name, models), view_of(SHOT.name))
    text = path.read_text()
    assert "@hero_model_usd/1.0.0/model/hero_model_usd.model.usda@" in text
    assert str(tmp_path) not in text
    stage = open_stage(path)
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (1001, 1048)
    assert stage.GetTimeCodesPerSecond() == 24
    assert stage.GetPrimAtPath("/World/Cast/hero_1/Geom/Beams").IsA(UsdGeom.Mesh)
    assert [prim.GetName() for prim in characters(stage)] == ["hero_1"]


def test_the_camera_looks_at_its_target(tmp_path, models):
    path = tmp_path / "shot.usda"
    view = view_of(SHOT.name)
    write_layout(path, SHOT, place(SHOT.name, models), view)
    stage = open_stage(path)
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/World/Camera")).GetCamera(1001)
    assert camera.focalLength == view.focal_length
    assert camera.horizontalAperture / camera.verticalAperture == pytest.approx(16 / 9)
    ahead = camera.transform.TransformDir(Gf.Vec3d(0, 0, -1))
    wanted = (Gf.Vec3d(*view.target) - Gf.Vec3d(*view.eye)).GetNormalized()
    assert Gf.IsClose(ahead, wanted, 1e-6)


def test_the_scene_is_the_same_each_time(tmp_path, models):
    path = tmp_path / "shot.usda"
    write_layout(path, SHOT, place(SHOT.name, models), view_of(SHOT.name))
    first = path.read_bytes()
    write_layout(path, SHOT, place(SHOT.name, models), view_of(SHOT.name))
    assert path.read_bytes() == first


def test_the_export_takes_the_models_that_are_installed(tmp_path, store, models):
    scene, path = tmp_path / "scene.usda", tmp_path / "layout.usda"
    write_layout(scene, SHOT, place(SHOT.name, models), view_of(SHOT.name))
    newer = model("hero", "1.1.0")
    publish(store, newer)
    copy_layout(scene, path, [newer, *models[1:]])
    text = path.read_text()
    assert "@hero_model_usd/1.1.0/model/hero_model_usd.model.usda@" in text
    assert "hero_model_usd/1.0.0" not in text
    assert "@crate_model_usd/1.0.0/" in text
    before, after = open_stage(scene), open_stage(path)
    for name in ("xformOp:translate", "xformOp:rotateY"):
        attribute = f"/World/Cast/hero_1.{name}"
        value = before.GetAttributeAtPath(attribute).Get()
        assert after.GetAttributeAtPath(attribute).Get() == value


def test_a_model_that_is_no_dependency_is_refused(tmp_path, models):
    scene = tmp_path / "scene.usda"
    write_layout(scene, SHOT, place(SHOT.name, models), view_of(SHOT.name))
    with pytest.raises(PipelineError, match="not among the dependencies") as caught:
        copy_layout(scene, tmp_path / "layout.usda", models[1:])
    assert caught.value.hint == "pipl packl add hero_model_usd"
