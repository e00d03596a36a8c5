from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, PacklError
from pipl_core.names import (
    check_folder_name,
    check_index_name,
    check_packl_name,
    check_project_folder,
    check_user_name,
    same_name,
)


@pytest.mark.parametrize(
    "name",
    [
        *("rig", "shot_010_anim", "char-hero.rig", "A1", "x" * 100, "a..b", "a-_.b"),
        *("match", "type", "case"),  # words of Python only in some places, so they can be imported
    ],
)
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
        ("None", "Python cannot import 'None'."),
        ("async", "Python cannot import 'async'."),
        ("json", "It would hide 'json' of Python's standard library."),
        ("JSON", "It would hide 'json' of Python's standard library."),
        ("concurrent", "It would hide 'concurrent' of Python's standard library."),
        ("distutils", "It would hide 'distutils' of Python's standard library."),  # until 3.11
        ("tomllib", "It would hide 'tomllib' of Python's standard library."),  # since 3.11
        ("test", "It would hide 'test' of Python's standard library."),
        ("usercustomize", "It would hide 'usercustomize' of Python's standard library."),
        *(
            (
                name,
                "A name holds letters, digits, and - _ . between them, and starts with a letter.",
            )
            for name in (
                *("ka\u0308se", "k\u00e4se", "\u0440ig", "\uff52ig", "rig\u200b", "\u202egir"),
                *(
                    "com\u00b9",
                    "rig\u0660",
                    "rig.",
                    "rig ",
                    " rig",
                    "-rf",
                    "--help",
                    "rig\0",
                    "\udcff",
                ),
            )
        ),
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


@pytest.mark.parametrize("name", ["CON", "nul.txt", "com1"])
def test_a_device_of_windows_is_called_one(name):
    checks = (check_packl_name, lambda name: check_folder_name(name, "workspace"))
    for check in (*checks, check_project_folder, check_user_name):
        with pytest.raises(CoreError) as error:
            check(name)
        assert error.value.context == "Windows reserves this name."


@given(st.text())
def test_a_name_never_leaves_its_folder(name):
    for check in (check_packl_name, lambda text: check_folder_name(text, "folder")):
        try:
            assert check(name) == name
        except PacklError:
            continue
        assert not {"/", "\\", ":"} & set(name)
        assert name not in {".", ".."}


@pytest.mark.parametrize("name", ["ann", "ann@studio.example", "ci", "_x", "a-b.c"])
def test_a_user_may_be_named_so(name):
    assert check_user_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "a/b", "..", "a?b", "a#b", "+api", "a b", "é", "nul", "a\n", "x" * 101, "-a", "a%2fb"],
)
def test_a_user_may_not_be_named_so(name):
    with pytest.raises(CoreError) as error:
        check_user_name(name)
    assert error.value.message == f"{name!r:.100} cannot be the name of a user."


@pytest.mark.parametrize(
    "name",
    ["", "root", "root/", "/PROJ", "root/a/b", "../+api", "root/PROJ?x", "root/PROJ#", "a/é"],
)
def test_an_index_may_not_be_named_so(name):
    assert check_index_name("root/PROJ") == "root/PROJ"
    with pytest.raises(CoreError) as error:
        check_index_name(name)
    assert error.value.message == f"{name!r} cannot be the name of an index."


@pytest.mark.parametrize("name", ["MyProject", "Mein Käse", "漢字", "a.b", "x" * 120])
def test_a_project_may_be_named_so(name):
    assert check_project_folder(name) == name


@pytest.mark.parametrize(
    "name", ["", "nul", "COM\u00b9.x", "a.", "a ", "a\nb", "a:b", "\udcff", "a\u202eb", "é" * 61]
)
def test_a_project_may_not_be_named_so(name):
    with pytest.raises(PacklError) as error:
        check_project_folder(name)
    assert error.value.message == f"{name!r:.150} cannot be the name of a project."


@given(st.text())
def test_a_name_in_an_address_leads_nowhere_else(name):
    for check in (check_user_name, check_index_name):
        try:
            assert check(name) == name
        except CoreError:
            continue
        assert not set("?#%\\ \n") & set(name)
        assert ".." not in name.split("/")


def test_names_that_differ_in_writing_only_mean_one_packl():
    assert same_name("Char-Hero.Rig", "char_hero__rig")
    assert not same_name("rig", "rig2")
