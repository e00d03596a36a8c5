from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import Environment, FormatError, ShortName, Step, ToolState, Variable
from pipl_hooks.environment import ACTIONS, UnknownFormatError

STEP = {"action": "set", "value": "x", "packl": "p", "origin": ""}
TOOL = {
    "packl": "p",
    "requirement": "",
    "program": None,
    "version": None,
    "commands": {},
    "variables": {},
    "optional": False,
    "problem": "",
}
steps = st.builds(Step, st.sampled_from(ACTIONS), st.text(), st.text(), st.text())
variables = st.builds(Variable, st.lists(steps))
named_variables = st.dictionaries(st.text(), variables)
tools = st.builds(
    ToolState,
    packl=st.text(),
    requirement=st.text(),
    program=st.none() | st.text(),
    version=st.none() | st.text(),
    commands=st.dictionaries(st.text(), st.lists(st.text())),
    variables=named_variables,
    optional=st.booleans(),
    problem=st.text(),
)
environments = st.builds(
    Environment,
    named_variables,
    st.dictionaries(st.text(), st.builds(ShortName, st.text(), st.text())),
    st.dictionaries(st.text(), tools),
)


def joined(*entries):
    return os.pathsep.join(entries)


def variable(*done):
    """Return a variable by its steps: `=x` sets, `<x` prepends, `>x` appends."""
    actions = {"=": "set", "<": "prepend", ">": "append"}
    return Variable([Step(actions[each[0]], each[1:], "p") for each in done])


def document(**parts):
    return json.dumps({"format": 2, "variables": {}, "aliases": {}, "tools": {}, **parts})


class TestVariable:
    @pytest.mark.parametrize(
        ("steps", "current", "expected"),
        [
            (["=x"], "old", "x"),
            (["=x"], None, "x"),
            (["="], "old", ""),
            (["=x", "=y"], "old", "y"),
            (["<b", "<a"], "old", joined("a", "b", "old")),
            ([">y", ">z"], "old", joined("old", "y", "z")),
            (["<a", ">y"], None, joined("a", "y")),
            (["<a", ">y"], "", joined("a", "y")),
            (["<a", "=m", ">y"], "old", joined("a", "m", "y")),
            ([], "old", "old"),
        ],
    )
    def test_is_applied_to_what_it_was(self, steps, current, expected):
        assert variable(*steps).applied_to(current) == expected

    def test_names_the_packls_that_had_a_part_in_it_once(self):
        done = [Step("set", "1", "b"), Step("prepend", "2", "a"), Step("append", "3", "b")]
        assert Variable(done).packls == ["b", "a"]


class TestEnvironment:
    def test_leaves_other_variables_and_the_base_as_they_are(self):
        base = {"HOME": "/home/bob", "PATH": "/bin"}
        applied = Environment({"PATH": variable("</tools")}).applied_to(base)
        assert applied == {"HOME": "/home/bob", "PATH": joined("/tools", "/bin")}
        assert base == {"HOME": "/home/bob", "PATH": "/bin"}

    def test_that_comes_after_another_one_has_its_steps_behind(self):
        earlier = Environment({"PATH": variable("<venv"), "V": variable("=1")})
        later = Environment({"PATH": variable("<tools"), "W": variable("=2")})
        both = later.after(earlier)
        assert both.variables == {
            "PATH": variable("<venv", "<tools"),
            "V": variable("=1"),
            "W": variable("=2"),
        }
        assert earlier.variables["PATH"] == variable("<venv")
        assert both.applied_to({"PATH": "/bin"})["PATH"] == joined("tools", "venv", "/bin")

    def test_tells_which_tools_are_missing(self):
        tools = {"there": ToolState("p", program="/there"), "gone": ToolState("p")}
        assert Environment(tools=tools).missing == {"gone": ToolState("p")}

    def test_has_a_text_with_a_version(self):
        environment = Environment(
            {"A": Variable([Step("set", "1", "env")])},
            {"ll": ShortName("ls -l", "env")},
            {"blender": ToolState("env", ">=3", "/b", "3.4", {"b": ["/b", "-x"]})},
        )
        assert json.loads(environment.to_text()) == {
            "format": 2,
            "variables": {
                "A": {"steps": [{"action": "set", "value": "1", "packl": "env", "origin": ""}]}
            },
            "aliases": {"ll": {"command": "ls -l", "packl": "env"}},
            "tools": {
                "blender": {
                    "packl": "env",
                    "requirement": ">=3",
                    "program": "/b",
                    "version": "3.4",
                    "commands": {"b": ["/b", "-x"]},
                    "variables": {},
                    "optional": False,
                    "problem": "",
                }
            },
        }

    @given(environments)
    def test_is_read_as_it_was_written(self, environment):
        assert Environment.from_text(environment.to_text()) == environment

    @given(st.text())
    def test_in_arbitrary_text_is_a_format_error(self, text):
        with pytest.raises(FormatError):
            Environment.from_text(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "5",
            "[" * 100_000,
            '{"format": 2}',
            document(variables=[]),
            document(variables={"A": 5}),
            document(variables={"A": {"steps": "a"}}),
            document(variables={"A": {"steps": [{**STEP, "action": "unset"}]}}),
            document(variables={"A": {"steps": [{**STEP, "value": 5}]}}),
            document(aliases=["ab"]),
            document(aliases={"a": "b"}),
            document(tools={"a": {**TOOL, "program": 5}}),
            document(tools={"a": {**TOOL, "commands": {"a": "b"}}}),
        ],
    )
    def test_that_cannot_be_read_is_a_format_error(self, text):
        with pytest.raises(FormatError) as error:
            Environment.from_text(text)
        assert error.value.message == "env.json cannot be read."
        assert error.value.hint == "Make it anew: `pipl work sync`."

    @pytest.mark.parametrize("number", [1, 9])
    def test_of_another_format_says_so(self, number):
        with pytest.raises(UnknownFormatError) as error:
            Environment.from_text(f'{{"format": {number}, "variables": {{}}, "aliases": {{}}}}')
        assert error.value.message == f"Format {number} of env.json is not known here."
