"""Animation: over the layout, and what moves."""

from __future__ import annotations

import math
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest
from pxr import Gf, Sdf, UsdGeom

from pipl_assetstore import FolderStore
from pipl_pipe import services, type_named
from sample_anim import AnimProduct, AnimTask, moving
from sample_anim.scenes import copy_anim, write_anim
from sample_layout.placing import place, view_of
from sample_layout.scenes import Shot, write_layout
from sample_model.scenes import write_model
from sample_model.shapes import model_parts
from sample_pipeline.usd import open_stage

FRAMES = (1001, 1013)


@pytest.fixture
def store(tmp_path):
    store = FolderStore(tmp_path / "assets")
    with services.overridden(asset_store=store):
        yield store


@pytest.fixture
def layout(store):
    location = "hero_model_usd/1.0.0/model/hero.usda"
    path = store.products / location
    path.parent.mkdir(parents=True)
    write_model(path, "hero", model_parts("hero"), 24)
    hero = SimpleNamespace(
        name="hero_model_usd", entity={"asset": "hero"}, model=SimpleNamespace(location=location)
    )
    return publish_layout(store, hero, "1.0.0")


def publish_layout(store, hero, version):
    location = PurePosixPath(f"sh010_layout_usd/{version}/layout/layout.usda")
    path = store.products / location
    path.parent.mkdir(parents=True)
    shot = Shot("sq010_sh010", FRAMES, 24, (256, 144))
    write_layout(path, shot, place(shot.name, [hero]), view_of(shot.name))
    return SimpleNamespace(location=location, path=lambda: path)


def test_the_types_are_installed():
    assert type_named("task", "anim") is AnimTask
    assert type_named("product", "anim") is AnimProduct


def test_motion_is_where_it_should_be():
    assert moving.progress(1001, 1001, 1013) == 0.0
    assert moving.progress(1007, 1001, 1013) == 0.5
    assert moving.progress(1013, 1001, 1013) == 1.0
    assert moving.progress(1001, 1001, 1001) == 0.0
    assert [moving.eased(part) for part in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    assert moving.walked(0.0) == -moving.walked(1.0) == -moving.WALK_LENGTH / 2
    assert moving.swing("ArmL", math.pi / 2) == moving.SWING["ArmL"]


def test_the_layer_lies_over_the_layout(tmp_path, layout):
    path = tmp_path / "anim.usda"
    write_anim(path, layout, FRAMES)
    layer = Sdf.Layer.FindOrOpen(str(path))
    assert list(layer.subLayerPaths) == ["sh010_layout_usd/1.0.0/layout/layout.usda"]
    assert layer.defaultPrim == "World"
    stage = open_stage(path)
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == FRAMES
    assert stage.GetTimeCodesPerSecond() == 24
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0


def test_the_character_walks_the_way_it_looks(tmp_path, layout):
    path = tmp_path / "anim.usda"
    write_anim(path, layout, FRAMES)
    stage = open_stage(path)
    hero = stage.GetPrimAtPath("/World/Cast/hero_1")
    translate = hero.GetAttribute("xformOp:translate")
    assert translate.GetTimeSamples() == [float(frame) for frame in range(1001, 1014)]
    way = translate.Get(1013) - translate.Get(1001)
    turn = math.radians(hero.GetAttribute("xformOp:rotateY").Get())
    wanted = Gf.Vec3d(math.sin(turn), 0, math.cos(turn)) * moving.WALK_LENGTH
    assert (way[0], way[2]) == pytest.approx((wanted[0], wanted[2]), abs=1e-4)


def test_its_joints_turn(tmp_path, layout):
    path = tmp_path / "anim.usda"
    write_anim(path, layout, FRAMES)
    stage = open_stage(path)
    for name, most in moving.SWING.items():
        rotate = stage.GetPrimAtPath(f"/World/Cast/hero_1/Geom/{name}").GetAttribute(
            "xformOp:rotateX"
        )
        wanted = most * math.sin(moving.phase(1005, 1001, 24))
        assert rotate.Get(1005) == pytest.approx(wanted, abs=1e-4)


def test_the_camera_moves_in_along_its_view(tmp_path, layout):
    path = tmp_path / "anim.usda"
    write_anim(path, layout, FRAMES)
    stage = open_stage(path)
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/World/Camera"))
    first, last = (camera.GetCamera(frame).transform for frame in FRAMES)
    way = last.ExtractTranslation() - first.ExtractTranslation()
    ahead = first.TransformDir(Gf.Vec3d(0, 0, -1))
    assert way.GetLength() == pytest.approx(0.18 * first.ExtractTranslation().GetLength())
    assert Gf.IsClose(way.GetNormalized(), ahead, 1e-6)


def test_the_scene_is_the_same_each_time(tmp_path, layout):
    path = tmp_path / "anim.usda"
    write_anim(path, layout, FRAMES)
    first = path.read_bytes()
    write_anim(path, layout, FRAMES)
    assert path.read_bytes() == first


def test_the_export_takes_the_layout_that_is_installed(tmp_path, store, layout):
    scene, path = tmp_path / "scene.usda", tmp_path / "anim.usda"
    write_anim(scene, layout, FRAMES)
    newer = store.products / "sh010_layout_usd/1.1.0/layout/layout.usda"
    newer.parent.mkdir(parents=True)
    newer.write_bytes(layout.path().read_bytes())
    copy_anim(scene, path, "sh010_layout_usd/1.1.0/layout/layout.usda")
    assert "@sh010_layout_usd/1.1.0/layout/layout.usda@" in path.read_text()
    assert "1.0.0" not in path.read_text()
    stage = open_stage(path)
    hero = stage.GetPrimAtPath("/World/Cast/hero_1")
    assert len(hero.GetAttribute("xformOp:translate").GetTimeSamples()) == 13
