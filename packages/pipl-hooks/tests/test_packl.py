from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import FormatError, PacklInfo


def test_a_packl_has_a_kind_a_type_and_an_entity():
    text = (
        'format = 1\nkind = "task"\ntype = "anim"\n[entity]\nsequence = "sq010"\nshot = "sh010"\n'
    )
    assert PacklInfo.from_text(text) == PacklInfo(
        "task", "anim", {"sequence": "sq010", "shot": "sh010"}
    )


@pytest.mark.parametrize("kind", ["code", "envset", "product", "task"])
def test_type_and_entity_may_be_missing(kind):
    assert PacklInfo.from_text(f'format = 1\nkind = "{kind}"') == PacklInfo(kind, None, {})


def test_keys_that_later_versions_add_are_ignored():
    assert PacklInfo.from_text('format = 1\nkind = "code"\nnew = 5') == PacklInfo("code")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Format None of packl.toml is not known here."),
        ("format = 2", "Format 2 of packl.toml is not known here."),
        ('format = "1"\nkind = "code"', "Format '1' of packl.toml is not known here."),
        ("format = 1", "packl.toml has the unknown kind None."),
        ('format = 1\nkind = "rig"', "packl.toml has the unknown kind 'rig'."),
        ("format = 1\nkind = []", "packl.toml has the unknown kind []."),
        (
            'format = 1\nkind = "code"\nentity = "sh010"',
            "The entity in packl.toml must be a table of texts.",
        ),
        (
            'format = 1\nkind = "code"\n[entity]\nshot = 10',
            "The entity in packl.toml must be a table of texts.",
        ),
        ('format = 1\nkind = "code"\ntype = 5', "The type in packl.toml must be a text."),
        ("format = ", "packl.toml is not valid TOML."),
        ("format = 1\nformat = 1", "packl.toml is not valid TOML."),
        ("format = " + "1" * 5000, None),
        ("a = " + "[" * 100_000, "packl.toml is not valid TOML."),
    ],
)
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(FormatError) as error:
        PacklInfo.from_text(text)
    assert message is None or error.value.message == message


@given(st.text())
def test_arbitrary_text_is_a_format_error(text):
    with pytest.raises(FormatError):
        PacklInfo.from_text(text)
