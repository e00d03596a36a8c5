from __future__ import annotations

import importlib
import sys

import pytest

from pipl_pipe import AssetType, PipelineError, registered, type_named, type_names
from pipl_pipe._registered import kind_of

MAYA = """
from pipl_pipe import AssetType, Product, Task, registered


@registered
class MayaAscii(AssetType):
    type_name = "maya_ascii"
    suffix = ".ma"


@registered
class SetProduct(Product):
    type_name = "set"


@registered
class SetTask(Task):
    type_name = "set"
"""


def test_a_registered_type_is_known_once_its_module_is_imported(environment):
    environment.install("maya_types", MAYA)
    assert type_names("asset") == ["file", "folder", "sequence"]
    import maya_types

    assert type_names("asset") == ["file", "folder", "maya_ascii", "sequence"]
    assert type_named("asset", "maya_ascii") is maya_types.MayaAscii
    assert type_named("product", "set") is maya_types.SetProduct
    assert type_named("task", "set") is maya_types.SetTask


def test_a_registered_type_of_a_module_that_is_gone_is_gone(environment):
    environment.install("maya_types", MAYA)
    import maya_types  # noqa: F401

    del sys.modules["maya_types"]
    assert "maya_ascii" not in type_names("asset")


def test_a_module_that_is_imported_again_replaces_its_types(environment):
    environment.install("maya_types", MAYA)
    import maya_types

    again = importlib.reload(maya_types)
    assert type_named("asset", "maya_ascii") is again.MayaAscii


@pytest.mark.parametrize(
    ("entry_points", "code", "other"),
    [
        ({"pipl_pipe.asset_type": {"maya_ascii": "rival:Other"}}, "", "rival:Other"),
        ({}, MAYA, "rival:MayaAscii"),
    ],
)
def test_a_clash_names_both_packls(environment, entry_points, code, other):
    environment.install("maya_types", MAYA, version="2")
    environment.install("rival", code, version="3", entry_points=entry_points)
    importlib.import_module("maya_types")
    importlib.import_module("rival")
    with pytest.raises(PipelineError) as error:
        type_named("asset", "maya_ascii")
    first, second = sorted(["maya_types 2", "rival 3"], reverse=bool(entry_points))
    assert error.value.message == (
        f"Two packls give the asset type 'maya_ascii': {first} and {second}."
    )
    assert other in str(error.value.context)


def test_a_type_of_no_packl_is_named_by_its_module(environment):
    environment.install("maya_types", MAYA, version="2")
    importlib.import_module("maya_types")

    class Local(AssetType):
        type_name = "maya_ascii"

    Local.__module__ = "__main__"
    registered(Local)
    try:
        with pytest.raises(PipelineError, match=r"__main__ and maya_types 2\."):
            type_named("asset", "maya_ascii")
    finally:
        del sys.modules["pipl_pipe._registered"]._classes["__main__", Local.__qualname__]


def test_a_class_without_a_name_of_its_own_is_an_error():
    class Nameless(AssetType):
        pass

    with pytest.raises(PipelineError) as error:
        registered(Nameless)
    assert error.value.message.endswith("Nameless has no name.")
    assert error.value.hint == 'Give it one: type_name = "maya_ascii".'


@pytest.mark.parametrize("what", [int, "text"])
def test_what_is_no_type_is_an_error(what):
    with pytest.raises(PipelineError, match="is no type"):
        kind_of(what)
