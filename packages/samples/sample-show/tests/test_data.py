"""The show's edit can be read, and its breakdown fits it."""

from __future__ import annotations

import opentimelineio as otio
import pytest

from sample_show import EDIT, RECIPE

tomllib = pytest.importorskip("tomllib")


@pytest.fixture
def recipe():
    return tomllib.loads(RECIPE.read_text(encoding="utf-8"))


def clips():
    timeline = otio.adapters.read_from_file(str(EDIT), rate=24)
    return {clip.name: clip.duration().to_frames() for clip in timeline.find_clips()}


def test_the_edit_has_three_shots():
    assert clips() == {"sq010_sh010": 48, "sq010_sh020": 36, "sq020_sh010": 36}


def test_every_shot_has_a_cast_of_known_assets(recipe):
    assert recipe["format"] == 1
    names = {asset["name"] for asset in recipe["asset"]}
    assert len(names) >= 3
    assert set(recipe["casting"]) == set(clips())
    for cast in recipe["casting"].values():
        assert set(cast) <= names
    assert any(all(name in cast for cast in recipe["casting"].values()) for name in names)


def test_each_task_needs_what_was_made_before(recipe):
    made = {"cast"}
    for step in recipe["shot_task"]:
        assert set(step["needs"]) <= made
        made.add(step["type"])
    assert [step["type"] for step in recipe["shot_task"]] == ["layout", "anim", "render", "comp"]
    assert [step["type"] for step in recipe["asset_task"]] == ["model"]
