"""Ranges beside each other."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from pipl_core.version_sets import are_disjoint, are_same, contains, is_empty, is_within, specifiers


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [
        ("<2", ">=2", True),
        ("<2", "", False),
        ("<=2", ">=2", False),
        ("<2", "==2rc1", True),
        ("<=2rc1", "==2rc1", False),
        ("==1.*", ">=2", True),
        ("<0", "", True),
    ],
)
def test_may_have_nothing_in_common(one, other, disjoint):
    assert are_disjoint(SpecifierSet(one), SpecifierSet(other)) is disjoint
    assert are_disjoint(SpecifierSet(other), SpecifierSet(one)) is disjoint


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (">=1,<2", "<2,>=1.0", True),
        ("~=1.2", ">=1.2,==1.*", True),
        ("<2", "<2.1", False),
        ("<2", "", False),
        ("", "", True),
    ],
)
def test_may_be_the_same(one, other, same):
    assert are_same(SpecifierSet(one), SpecifierSet(other)) is same


@pytest.mark.parametrize("versions", ["<0", ">2,<1", "==1,!=1"])
def test_may_be_empty(versions):
    assert is_empty(SpecifierSet(versions))


def test_may_be_within_another():
    assert is_within(SpecifierSet("<2.0"), SpecifierSet("!=2.0")) is True
    assert is_within(SpecifierSet(">=2"), SpecifierSet("!=2.0")) is False


def test_have_candidates():
    assert contains(SpecifierSet("<2"), "2.0rc1") is False
    assert contains(SpecifierSet(">=1"), "2.0rc1") is True


def test_that_make_no_sense_hold_everything():
    assert specifiers("whatever") == SpecifierSet()
    assert specifiers("<2") == SpecifierSet("<2")
