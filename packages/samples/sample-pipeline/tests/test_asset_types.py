"""What the Asset types find wrong."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from sample_pipeline import ExrAsset, PngAsset, SettingsAsset, UsdAsset

USD = '#usda 1.0\n(\n    defaultPrim = "World"\n)\ndef Xform "World"\n{\n}\n'


def messages(type_, path):
    return [problem.message for problem in type_.check(path)]


def write_image(path, width, height):
    oiio = pytest.importorskip("OpenImageIO")
    path.parent.mkdir(exist_ok=True)
    pixels = np.full((height, width, 3), 0.5, dtype=np.float32)
    assert oiio.ImageBuf(pixels).write(str(path))


def test_a_layer_with_a_default_prim_is_fit(tmp_path):
    path = tmp_path / "scene.usda"
    path.write_text(USD)
    assert messages(UsdAsset(), path) == []


def test_a_layer_without_a_default_prim_is_not(tmp_path):
    path = tmp_path / "scene.usda"
    path.write_text(USD.replace('    defaultPrim = "World"\n', ""))
    assert messages(UsdAsset(), path) == ["scene.usda has no default prim."]


def test_what_is_no_usd_is_not(tmp_path):
    path = tmp_path / "scene.usda"
    path.write_text("polygons!")
    (message,) = messages(UsdAsset(), path)
    assert message.startswith("scene.usda cannot be read by USD")


def test_a_layer_is_read_anew_at_each_check(tmp_path):
    path = tmp_path / "scene.usda"
    path.write_text(USD)
    assert messages(UsdAsset(), path) == []
    path.write_text(USD.replace('    defaultPrim = "World"\n', ""))
    assert messages(UsdAsset(), path) == ["scene.usda has no default prim."]


def test_without_usd_the_problem_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pxr", None)
    (problem,) = UsdAsset().check(tmp_path / "scene.usda")
    assert problem.message == "scene.usda cannot be checked, since usd-core is not installed here."
    assert "Install usd-core" in problem.hint


@pytest.mark.parametrize(("type_", "suffix"), [(ExrAsset(), ".exr"), (PngAsset(), ".png")])
def test_frames_of_one_resolution_are_fit(tmp_path, type_, suffix):
    for frame in (1001, 1013):
        write_image(tmp_path / "frames" / f"a.beauty.{frame}{suffix}", 8, 4)
    assert messages(type_, tmp_path / "frames") == []


def test_frames_of_two_resolutions_are_not(tmp_path):
    write_image(tmp_path / "frames" / "a.1001.exr", 8, 4)
    write_image(tmp_path / "frames" / "a.1002.exr", 4, 4)
    expected = ["a.1002.exr is 4x4, but the first frame 8x4."]
    assert messages(ExrAsset(), tmp_path / "frames") == expected


def test_a_damaged_frame_is_named(tmp_path):
    write_image(tmp_path / "frames" / "a.1001.exr", 8, 4)
    (tmp_path / "frames" / "a.1002.exr").write_bytes(b"no image")
    (message,) = messages(ExrAsset(), tmp_path / "frames")
    assert message.startswith("a.1002.exr cannot be opened: ")


def test_files_without_a_number_are_named(tmp_path):
    write_image(tmp_path / "frames" / "poster.png", 8, 4)
    expected = [
        "poster.png is not a frame of a sequence.",
        "There are no frames in frames.",
    ]
    assert messages(PngAsset(), tmp_path / "frames") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps({"format": 1}), []),
        ("[1, 2]", ["a.json holds no JSON object."]),
    ],
)
def test_settings_are_a_json_object(tmp_path, text, expected):
    path = tmp_path / "a.json"
    path.write_text(text)
    assert messages(SettingsAsset(), path) == expected


def test_settings_that_are_no_json_are_not_fit(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("{")
    (message,) = messages(SettingsAsset(), path)
    assert message.startswith("a.json is not valid JSON: ")
