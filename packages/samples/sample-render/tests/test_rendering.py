"""Real renders, tiny ones."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import OpenImageIO as oiio  # noqa: N813  the name by which everybody knows it
import pytest
from pxr import Gf, Usd, UsdGeom

from pipl_pipe import PipelineError, services, type_named
from sample_render import RenderProduct, RenderTask
from sample_render.frames import render_frames
from sample_render.render_settings import LIGHTS, Light, RenderSettings

SKY = Light(sky=(0.25, 0.5, 1.0), sun=(1.0, 1.0, 1.0), direction=(0.0, 0.0, -1.0))


def settings(frames="1001-1013x12", samples=4):
    return RenderSettings(frames, (32, 18), samples, 7, SKY)


@pytest.fixture
def scene(tmp_path):
    """A red wall in the left half of the picture; it is gone at frame 1013."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    mesh = UsdGeom.Mesh.Define(stage, "/Wall")
    mesh.CreatePointsAttr([(-9, -9, -5), (0, -9, -5), (0, 9, -5), (-9, 9, -5)])
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    mesh.CreateDisplayColorAttr([(0.8, 0.0, 0.0)])
    visibility = mesh.CreateVisibilityAttr()
    visibility.Set("inherited", 1001)
    visibility.Set("invisible", 1013)
    UsdGeom.Camera.Define(stage, "/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 0))
    stage.Save()
    with services.overridden(asset_store=SimpleNamespace(products=tmp_path / "products")):
        yield tmp_path / "scene.usda"


def render(scene, folder, **changes):
    folder.mkdir()
    render_frames(scene, settings(**changes), folder, "sh010.beauty")
    files = sorted(folder.iterdir())
    return files, [oiio.ImageBuf(str(file)).get_pixels(oiio.FLOAT) for file in files]


def test_the_types_are_installed():
    assert type_named("task", "render") is RenderTask
    assert type_named("product", "render") is RenderProduct


def test_frames_are_what_the_scene_shows(scene, tmp_path):
    files, (first, last) = render(scene, tmp_path / "out")
    assert [file.name for file in files] == ["sh010.beauty.1001.exr", "sh010.beauty.1013.exr"]
    assert oiio.ImageBuf(str(files[0])).spec().format == oiio.FLOAT
    assert first.shape == (18, 32, 3)
    sky = np.array([0.25, 0.5, 1.0])
    assert np.allclose(first[:, 17:], sky, atol=1e-5)
    assert np.allclose(last, sky, atol=1e-5)
    # The sun falls straight on the wall, and the sky on it from half a sphere.
    red = first[:, :15, 0].mean()
    assert red == pytest.approx(0.8 * (1 / np.pi + 0.25), rel=0.02)
    assert np.all(first[:, :15, 1:] == 0.0)


def test_two_renders_have_the_same_bytes(scene, tmp_path):
    files, _ = render(scene, tmp_path / "one", frames="1001")
    again, _ = render(scene, tmp_path / "two", frames="1001")
    assert files[0].read_bytes() == again[0].read_bytes()


def test_settings_begin_with_the_shot():
    made = RenderSettings.for_shot("sq010", "sh010", "1001-1048x12", [256, 144], 16)
    assert made.frame_numbers() == [1001, 1013, 1025, 1037]
    assert made.resolution == (256, 144)
    assert made.light in LIGHTS
    other = RenderSettings.for_shot("sq010", "sh020", "1001-1048x12", [256, 144], 16)
    assert made.seed != other.seed
    assert made.light == other.light


def test_settings_come_back_as_they_were():
    assert RenderSettings.from_json(settings().to_json()) == settings()


@pytest.mark.parametrize(
    "change",
    [
        {"resolution": [256]},
        {"resolution": [0, 144]},
        {"samples": "many"},
        {"light": {"sky": [1, 1, 1]}},
    ],
)
def test_settings_that_make_no_sense_are_refused(change):
    with pytest.raises(PipelineError, match="settings of the render"):
        RenderSettings.from_json({**settings().to_json(), **change})


def test_frames_that_fileseq_cannot_read_are_refused():
    with pytest.raises(PipelineError, match="have the frames 'all of them'"):
        settings(frames="all of them").frame_numbers()
