"""What a Task works from."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from pipl_pipe import PipelineError, services, type_names
from sample_pipeline import CONFIG, read_settings, write_settings
from sample_pipeline.inputs import entity_value, frame_range, seed_of, single_dependency


def packl(**entity):
    return SimpleNamespace(name="sh010_anim", type_name="anim", entity=entity)


def test_frames_are_read_from_the_entity():
    assert frame_range(packl(frames="1001-1048")) == (1001, 1048)


@pytest.mark.parametrize("frames", ["1001", "1048-1001", "a-b", "1001-1048x2"])
def test_frames_that_are_no_range_are_refused(frames):
    with pytest.raises(PipelineError, match="no range"):
        frame_range(packl(frames=frames))


def test_a_missing_entity_says_what_there_is():
    with pytest.raises(PipelineError) as caught:
        entity_value(packl(shot="sh010"), "frames")
    assert caught.value.message == "The entity of sh010_anim has no 'frames'."
    assert caught.value.context == "It has: shot."


def test_a_dependency_must_be_one():
    product = packl()
    product.dependencies = lambda type: []
    with pytest.raises(PipelineError, match="needs one Product of the type 'layout'"):
        single_dependency(product, "layout")


def test_seeds_are_the_same_on_every_machine():
    assert seed_of("sq010_sh010") == 2812949607


def test_settings_come_back_as_they_were_written(tmp_path):
    write_settings(tmp_path / "a.json", {"samples": 16})
    assert read_settings(tmp_path / "a.json") == {"samples": 16}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 2}'])
def test_other_settings_are_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(PipelineError):
        read_settings(tmp_path / "a.json")


def test_the_configuration_is_among_the_services():
    assert services.config["sample"]["fps"] == 24
    assert set(CONFIG) == {"show", "resolution", "frame_step", "samples", "fps"}


def test_the_asset_types_are_installed():
    assert {"usd", "exr", "png", "settings"} <= set(type_names("asset"))


def test_nothing_heavy_is_imported_with_the_types():
    code = (
        "import sys, pipl_pipe, sample_pipeline\n"
        "pipl_pipe.type_named('asset', 'usd')\n"
        "pipl_pipe.type_names('task')\n"
        "print({'pxr', 'OpenImageIO', 'mitsuba', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "set()"
