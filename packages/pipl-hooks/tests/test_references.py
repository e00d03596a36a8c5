from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import EntityReference, FormatError, import_name, normalized_name

letters = string.ascii_letters + string.digits
names = st.builds("{}{}{}".format, st.sampled_from(letters), st.text(letters + "._-"), st.just("x"))
assets = st.builds("{}{}".format, st.sampled_from(string.ascii_letters), st.text(letters + "_"))
versions = st.builds("{}.{}{}".format, st.integers(0), st.integers(0), st.sampled_from(["", "rc1"]))


@given(names, assets, st.none() | versions)
def test_a_reference_is_read_as_it_was_written(packl, asset, version):
    reference = EntityReference(packl, asset, version)
    assert EntityReference.parse(str(reference)) == reference


@given(st.text() | st.text().map("pipl:///{}".format))
def test_arbitrary_text_is_a_reference_or_a_format_error(text):
    try:
        reference = EntityReference.parse(text)
    except FormatError:
        return
    assert EntityReference.parse(str(reference)) == reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pipl:///rig/model", EntityReference("rig", "model")),
        ("pipl:///char-hero.rig@2.1/model", EntityReference("char-hero.rig", "model", "2.1")),
        ("pipl:///rig@v003/model", EntityReference("rig", "model", "3")),
        ("pipl:///rig@1.0RC1/_m", EntityReference("rig", "_m", "1.0rc1")),
        ("pipl:///rig@1.2.0-1/m", EntityReference("rig", "m", "1.2.0.post1")),
    ],
)
def test_a_version_is_given_its_normal_form(text, expected):
    assert EntityReference.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("", "It does not start with pipl:///."),
        ("rig/model", "It does not start with pipl:///."),
        ("PIPL:///rig/model", "It does not start with pipl:///."),
        ("pipl:///rig", "'' cannot be the name of an Asset."),
        ("pipl:///rig/", "'' cannot be the name of an Asset."),
        ("pipl:////model", "'' cannot be the name of a packl."),
        ("pipl:///../model", "'..' cannot be the name of a packl."),
        ("pipl:///rig/../model", "'../model' cannot be the name of an Asset."),
        ("pipl:///rig/model\n", "'model\\n' cannot be the name of an Asset."),
        ("pipl:///rig@/model", "Invalid version: ''"),
        ("pipl:///rig@latest/model", "Invalid version: 'latest'"),
        ("pipl:///rig@1@2/model", "Invalid version: '1@2'"),
    ],
)
def test_what_is_wrong_is_said(text, context):
    with pytest.raises(FormatError) as error:
        EntityReference.parse(text)
    assert error.value.message == f"{text!r} is not an entity reference."
    assert error.value.context == context


def test_a_version_of_thousands_of_digits_never_raises_anything_else():
    text = f"pipl:///rig@{'9' * 5000}/model"
    try:
        assert str(EntityReference.parse(text)) == text
    except FormatError as error:
        assert error.context.startswith("Exceeds the limit")  # noqa: PT017  differs by Python


@pytest.mark.parametrize(
    ("name", "imported", "normalized"),
    [
        ("shot-010.anim", "shot_010_anim", "shot-010-anim"),
        ("Char__Hero-_.Rig", "Char_Hero_Rig", "char-hero-rig"),
        ("rig", "rig", "rig"),
    ],
)
def test_names_have_a_form_for_python_and_one_for_indexes(name, imported, normalized):
    assert import_name(name) == imported
    assert normalized_name(name) == normalized
