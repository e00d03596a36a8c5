from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import Environment, FormatError, Variable

PLAIN = {"value": "x", "before": [], "after": [], "packls": []}
texts = st.lists(st.text())
variables = st.builds(Variable, st.none() | st.text(), texts, texts, texts)
environments = st.builds(
    Environment, st.dictionaries(st.text(), variables), st.dictionaries(st.text(), st.text())
)


def joined(*entries):
    return os.pathsep.join(entries)


class TestVariable:
    @pytest.mark.parametrize(
        ("variable", "current", "expected"),
        [
            (Variable("x"), "old", "x"),
            (Variable("x"), None, "x"),
            (Variable(""), "old", ""),
            (Variable(before=["a", "b"]), "old", joined("a", "b", "old")),
            (Variable(after=["y"]), "old", joined("old", "y")),
            (Variable(before=["a"], after=["y"]), None, joined("a", "y")),
            (Variable(before=["a"], after=["y"]), "", joined("a", "y")),
            (Variable("m", ["a"], ["y"]), "old", joined("a", "m", "y")),
            (Variable(), "old", "old"),
        ],
    )
    def test_is_applied_to_what_it_was(self, variable, current, expected):
        assert variable.applied_to(current) == expected


class TestEnvironment:
    def test_leaves_other_variables_and_the_base_as_they_are(self):
        base = {"HOME": "/home/bob", "PATH": "/bin"}
        applied = Environment({"PATH": Variable(before=["/tools"])}).applied_to(base)
        assert applied == {"HOME": "/home/bob", "PATH": joined("/tools", "/bin")}
        assert base == {"HOME": "/home/bob", "PATH": "/bin"}

    def test_has_a_text_with_a_version(self):
        environment = Environment({"A": Variable("1", packls=["env"])}, {"ll": "ls -l"})
        assert json.loads(environment.to_text()) == {
            "format": 1,
            "variables": {"A": {"value": "1", "before": [], "after": [], "packls": ["env"]}},
            "aliases": {"ll": "ls -l"},
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
            '{"format": 1}',
            '{"format": 1, "variables": [], "aliases": {}}',
            '{"format": 1, "variables": {"A": 5}, "aliases": {}}',
            json.dumps({"format": 1, "variables": {"A": {**PLAIN, "value": 5}}, "aliases": {}}),
            json.dumps({"format": 1, "variables": {"A": {**PLAIN, "before": "a"}}, "aliases": {}}),
            '{"format": 1, "variables": {}, "aliases": ["ab"]}',
            '{"format": 1, "variables": {}, "aliases": {"a": 1}}',
        ],
    )
    def test_that_cannot_be_read_is_a_format_error(self, text):
        with pytest.raises(FormatError) as error:
            Environment.from_text(text)
        assert error.value.message == "env.json cannot be read."

    def test_of_a_later_format_says_so(self):
        with pytest.raises(FormatError) as error:
            Environment.from_text('{"format": 9, "variables": {}, "aliases": {}}')
        assert error.value.message == "Format 9 of env.json is not known here."
