from __future__ import annotations

import ast
import inspect
from importlib.metadata import distribution
from pathlib import Path

import pytest

from pipl_pipe import location, plugins
from sample_naming import plugin


def test_pipl_finds_the_plugin():
    entry_points = distribution("sample-naming").entry_points
    assert [(each.group, each.load()) for each in entry_points] == [("pipl", plugin)]


def test_it_answers_two_hooks_and_no_other():
    functions = inspect.getmembers(plugin, lambda each: hasattr(each, "pipl_impl"))
    assert [name for name, _ in functions] == ["pipl_asset_base_name", "pipl_asset_location"]


def test_it_needs_under_30_lines_and_the_hooks_alone():
    text = Path(plugin.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 30
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert [node.module for node in imports] == ["__future__", "pipl_hooks"]


@pytest.mark.parametrize(
    ("packl", "asset", "suffix", "name"),
    [
        ("sq010_sh010_anim_usd", "anim", ".usda", "sq010_sh010_anim_usd.anim.usda"),
        ("prop_vase_model", "scene", "", "prop_vase_model.scene"),
    ],
)
def test_a_dot_stands_between_packl_and_asset(packl, asset, suffix, name):
    assert plugin.pipl_asset_base_name(packl, asset, suffix) == name


@pytest.mark.parametrize(
    ("packl", "revision", "place"),
    [
        ("sq010_sh010_anim_usd", "1.0.0", "sq010/sq010_sh010_anim_usd/v1.0.0/anim"),
        ("sq010_sh010_anim_usd", "1.0.0.post1", "sq010/sq010_sh010_anim_usd/v1.0.0.post1/anim"),
        ("vase", "2", "vase/vase/v2/anim"),
    ],
)
def test_places_are_sorted_by_sequence_or_kind_of_asset(packl, revision, place):
    assert plugin.pipl_asset_location(packl, revision, "anim") == place


def test_where_it_is_installed_the_names_are_the_studio_s_and_the_rest_is_pipls(environment):
    def names():
        hook = plugins().hook
        return [
            hook.pipl_asset_base_name(packl="prop_vase_model", asset="scene", suffix=".usda"),
            str(location("prop_vase_model", "1.0", "scene")),
            hook.pipl_product_name(task="prop_vase_model", output="usd"),
        ]

    product = "prop_vase_model_usd"
    assert names() == ["prop_vase_model_scene.usda", "prop_vase_model/1.0/scene", product]
    code = Path(plugin.__file__).read_text(encoding="utf-8")
    environment.install("names", code, entry_points={"pipl": {"names": "names"}})
    place = "prop/prop_vase_model/v1.0/scene"
    assert names() == ["prop_vase_model.scene.usda", place, product]
