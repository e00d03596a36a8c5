from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import PacklError
from pipl_core.names import check_folder_name, check_packl_name, same_name


@pytest.mark.parametrize("name", ["rig", "shot_010_anim", "char-hero.rig", "A1", "x" * 100])
def test_a_packl_may_be_named_so(name):
    assert check_packl_name(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "A name holds letters, digits, and - _ . between them, and starts with a letter."),
        ("1rig", "A name holds letters, digits, and - _ . between them, and starts with a letter."),
        ("rig_", "A name holds letters, digits, and - _ . between them, and starts with a letter."),
        (
            "../rig",
            "A name holds letters, digits, and - _ . between them, and starts with a letter.",
        ),
        ("a/b", "A name holds letters, digits, and - _ . between them, and starts with a letter."),
        (
            "rig\n",
            "A name holds letters, digits, and - _ . between them, and starts with a letter.",
        ),
        ("käse", "A name holds letters, digits, and - _ . between them, and starts with a letter."),
        ("x" * 101, "A name has at most 100 characters; this one has 101."),
        ("nul", "Windows reserves this name."),
        ("Com1", "Windows reserves this name."),
        ("aux.rig", "Windows reserves this name."),
        ("class", "Python cannot import 'class'."),
        ("json", "It would hide 'json' of Python's standard library."),
    ],
)
def test_a_packl_may_not_be_named_so(name, why):
    with pytest.raises(PacklError) as error:
        check_packl_name(name)
    assert error.value.message == f"{name!r:.150} cannot be the name of a packl."
    assert error.value.context == why


@pytest.mark.parametrize("name", ["a", "_x", "2026-11", "sh010.anim"])
def test_a_folder_may_be_named_so(name):
    assert check_folder_name(name, "workspace") == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "CON", "nul.txt", "a.", " a", "é"])
def test_a_folder_may_not_be_named_so(name):
    with pytest.raises(PacklError) as error:
        check_folder_name(name, "workspace")
    assert error.value.message == f"{name!r} cannot be the name of a workspace."


@given(st.text())
def test_a_name_never_leaves_its_folder(name):
    for check in (check_packl_name, lambda text: check_folder_name(text, "folder")):
        try:
            assert check(name) == name
        except PacklError:
            continue
        assert not {"/", "\\", ":"} & set(name)
        assert name not in {".", ".."}


def test_names_that_differ_in_writing_only_mean_one_packl():
    assert same_name("Char-Hero.Rig", "char_hero__rig")
    assert not same_name("rig", "rig2")
