from __future__ import annotations

import sys
from typing import Any, Dict, List, Literal, Optional, Union  # noqa: UP035

import pytest

from pipl_pipe import PipelineError
from pipl_pipe._schema import fits, schema_of, type_text

HOOK = """
from dataclasses import dataclass
from pipl_hooks import hookimpl


@dataclass
class Other:
    hands: int = 2


@hookimpl
def pipl_config_schema(name):
    return Other if name == "clock" else None
"""
CLOCK = """
from __future__ import annotations
from dataclasses import dataclass, field


@dataclass
class Clock:
    password: str
    hands: {type} = {default}
"""


@pytest.fixture
def clock(environment):
    """Installs a schema of the config `clock`."""

    def clock(type_="int", default="2", code=CLOCK):
        points = {"pipl_pipe.config_schema": {"clock": "clocks:Clock"}}
        code = code.format(type=type_, default=default)
        environment.install("clocks", code, version="2", entry_points=points)
        return environment

    return clock


def test_nobody_s_schema_is_none(environment):
    assert schema_of("clock") is None


def test_a_schema_comes_from_an_entry_point(clock):
    clock("list[str]", "field(default_factory=lambda: ['a'])")
    found = schema_of("clock")
    assert str(found.source) == "clocks 2"
    assert found.types == {"password": str, "hands": list[str]}
    assert found.defaults == {"hands": ["a"]}


def test_a_studio_s_plugin_comes_first(clock):
    clock().install("studio", HOOK, entry_points={"pipl": {"x": "studio"}})
    found = schema_of("clock")
    assert (str(found.source), found.types) == ("studio 1.0.0", {"hands": int})


def test_two_schemas_of_one_config_are_an_error_that_names_both(clock):
    points = {"pipl_pipe.config_schema": {"clock": "watches:Watch"}}
    clock().install("watches", entry_points=points)
    with pytest.raises(PipelineError) as error:
        schema_of("clock")
    assert error.value.message == (
        "Two packls give the config schema 'clock': clocks 2 and watches 1.0.0."
    )


@pytest.mark.parametrize(
    ("code", "context"),
    [
        ("Clock = dict(a=1)", "It is no dataclass but {'a': 1}."),
        (CLOCK.replace("{type}", "Nobody"), "NameError: name 'Nobody' is not defined"),
        (CLOCK.replace("{type}", "set[str]"), "hands is set[str]."),
        (CLOCK.replace("{type}", "dict[str, bytes]"), "hands is dict[str, bytes]."),
    ],
)
def test_a_schema_that_cannot_be_used_names_its_packl(environment, code, context):
    points = {"pipl_pipe.config_schema": {"clock": "clocks:Clock"}}
    environment.install("clocks", code.replace("{default}", "2"), version="2", entry_points=points)
    with pytest.raises(PipelineError) as error:
        schema_of("clock")
    assert error.value.message == "The schema of the config 'clock' of clocks 2 cannot be used."
    assert error.value.context == context


def test_a_secret_is_not_shown(clock):
    clock()
    (error,) = schema_of("clock").check("clock", "pipl.toml", {"password": 12345})
    assert error.context == "Expected str, got '***' (int)."


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (str, ["", "a"], [1, None, b"a"]),
        (int, [0, -5], [True, 1.0, "1"]),
        (float, [0.5, 1], [True, "1"]),
        (bool, [True], [0, "yes"]),
        (list[str], [[], ["a"], ("a", "b")], ["a", [1], None]),
        (List[int], [[1]], [["1"]]),  # noqa: UP006
        (list, [[1, "a"]], ["a"]),
        (dict[str, str], [{}, {"a": "b"}], [{"a": 1}, {1: "a"}, []]),
        (Dict[str, list[int]], [{"a": [1]}], [{"a": 1}]),  # noqa: UP006
        (dict, [{1: 2}], [[]]),
        (Optional[int], [None, 1], ["1"]),
        (Union[int, str], [1, "a"], [1.5, None]),
        (Literal["a", 1], ["a", 1], ["b", True, 1.0]),
        (Any, [object(), None], []),
        (type(None), [None], [0]),
    ],
)
def test_values_fit_their_types(type_, good, bad):
    assert [value for value in good if not fits(value, type_)] == []
    assert [value for value in bad if fits(value, type_)] == []


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no `int | None`")
def test_unions_by_a_bar_are_known(clock):
    clock("int | None", "None")
    assert schema_of("clock").check("clock", "x", {"hands": None, "password": ""}) == []
    (error,) = schema_of("clock").check("clock", "x", {"hands": "two"})
    assert error.context == "Expected int or None, got 'two' (str)."


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (str, "str"),
        (Optional[list[str]], "list[str] or None"),
        (dict[str, int], "dict[str, int]"),
        (Literal["a", 1], "'a' or 1"),
        (Any, "Any"),
    ],
)
def test_types_are_written_as_people_write_them(type_, text):
    assert type_text(type_) == text
