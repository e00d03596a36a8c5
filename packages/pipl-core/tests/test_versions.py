from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from pipl_core import PacklError
from pipl_core.versions import PARTS, bumped, compatible_range, parsed_version

numbers = st.integers(0, 999)
ends = st.sampled_from(["", "a1", "b2", "rc3", ".post1", ".dev4", "rc3.dev1", "+cpu", "rc1.post2"])
versions = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "v", "1!", "2026!"]),
    st.lists(numbers, min_size=1, max_size=5).map(lambda parts: ".".join(map(str, parts))),
    ends,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v003", "3"),
        ("1.2.0", "1.2.0"),
        ("1.3.0-RC.1", "1.3.0rc1"),
        (" 1.0 ", "1.0"),
        ("1.2.0-1", "1.2.0.post1"),
    ],
)
def test_a_version_has_a_normal_form(text, expected):
    assert parsed_version(text) == expected


@pytest.mark.parametrize("text", ["", "latest", "1.2.x", "../1", "1.0\n2", "9" * 65, "9" * 5000])
def test_what_is_no_version_is_an_error(text):
    with pytest.raises(PacklError) as error:
        parsed_version(text)
    assert error.value.message == f"{text!r:.100} is no version."


@pytest.mark.parametrize(
    ("version", "major", "minor", "patch", "rc"),
    [
        ("1.2.3", "2.0.0", "1.3.0", "1.2.4", "1.2.4rc1"),
        ("0.1.0", "1.0.0", "0.2.0", "0.1.1", "0.1.1rc1"),
        ("v003", "4.0.0", "3.1.0", "3.0.1", "3.0.1rc1"),
        ("1.2.4rc1", "2.0.0", "1.3.0", "1.2.4", "1.2.4rc2"),
        ("1.3.0rc2", "2.0.0", "1.3.0", "1.3.0", "1.3.0rc3"),
        ("2.0.0rc1", "2.0.0", "2.0.0", "2.0.0", "2.0.0rc2"),
        ("1.0.0b2", "1.0.0", "1.0.0", "1.0.0", "1.0.0rc1"),
        ("1.2.0.post1", "2.0.0", "1.3.0", "1.2.1", "1.2.1rc1"),
        ("1.2.3.4", "2.0.0", "1.3.0", "1.2.4", "1.2.4rc1"),
        ("1.2.3.4rc1", "2.0.0", "1.3.0", "1.2.4", "1.2.4rc1"),
        ("1!1.2.3", "1!2.0.0", "1!1.3.0", "1!1.2.4", "1!1.2.4rc1"),
    ],
)
def test_each_part_moves_on(version, major, minor, patch, rc):
    parts = ("major", "minor", "patch", "rc")
    assert [bumped(version, part) for part in parts] == [major, minor, patch, rc]


def test_a_candidate_is_released():
    assert bumped("1.2.0rc3", "release") == "1.2.0"
    assert bumped("1!1.2.3.4rc3", "release") == "1!1.2.3.4"
    with pytest.raises(PacklError) as error:
        bumped("1.2.0", "release")
    assert error.value.message == "1.2.0 is no release candidate."


@given(versions, st.sampled_from(PARTS))
def test_the_next_version_is_always_higher(version, part):
    try:
        assert Version(bumped(version, part)) > Version(version)
    except PacklError:
        assert part == "release"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.4.2", ">=1.4.2,<2"),
        ("0.3.1", ">=0.3.1,<0.4"),
        ("3", ">=3,<4"),
        ("2.0.0rc1", ">=2.0.0rc1,<3"),
        ("2.1.0+cpu", ">=2.1.0,<3"),
        ("1!2.3", ">=1!2.3,<1!3"),
    ],
)
def test_a_range_holds_what_goes_together(version, expected):
    assert compatible_range(version) == expected
    assert SpecifierSet(expected).contains(version, prereleases=True)


@given(versions)
def test_a_range_holds_its_version_and_not_the_next_major(version):
    found = SpecifierSet(compatible_range(version))
    assert found.contains(parsed_version(version), prereleases=True)
    final = Version(version).base_version
    assert not found.contains(bumped(final, "major"), prereleases=True)


@given(st.text() | versions)
def test_arbitrary_text_is_a_version_or_an_error(text):
    try:
        version = parsed_version(text)
    except PacklError as error:
        assert error.message == f"{text!r:.100} is no version."  # noqa: PT017
        with pytest.raises(PacklError):
            compatible_range(text)
        return
    assert parsed_version(version) == version
