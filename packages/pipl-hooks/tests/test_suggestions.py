"""A misspelt name gets the nearest one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks.suggestions import did_you_mean, nearest

NAMES = ("animation", "char_hero_rig", "work", "Layout")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("wrok", "work"),
        ("animaton", "animation"),
        ("char-hero-rigg", "char_hero_rig"),
        ("layuot", "Layout"),
        ("", None),
        ("compositing", None),
        ("x" * 100_000, None),
    ],
)
def test_the_nearest_name_is_found(word, expected):
    assert nearest(word, NAMES) == expected


def test_a_hint_begins_with_it():
    assert did_you_mean("wrok", NAMES) == "Did you mean 'work'? "
    assert did_you_mean("compositing", NAMES) == ""
    assert did_you_mean("work", []) == ""


@given(st.text(), st.lists(st.text()))
def test_it_is_one_of_the_names(word, words):
    found = nearest(word, words)
    assert found is None or found in words
