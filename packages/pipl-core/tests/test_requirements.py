from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from pipl_core import InstallError
from pipl_core.requirements import check_requirement

_PARTS = [
    "a",
    "B1",
    "-",
    "_",
    ".",
    "é",
    " ",
    ",",
    ">=",
    "<",
    "==",
    "~=",
    "!",
    "1",
    "20",
    "3.1",
    "[x]",
]


@given(st.lists(st.sampled_from(_PARTS), max_size=9).map("".join))
def test_what_packaging_reads_and_nothing_else_is_a_requirement(text):
    try:
        Requirement(text)
    except InvalidRequirement:
        with pytest.raises(InstallError, match="is no requirement"):
            check_requirement(text)
    else:
        check_requirement(text)


def test_an_address_is_refused():
    with pytest.raises(InstallError, match="names an address"):
        check_requirement("hero @ https://example.org/hero-1-py3-none-any.whl")


def test_plain_ones_are_checked_without_packaging():
    code = """
import sys
from pipl_core.requirements import check_requirement
for text in ("pipl-pipe", "char_hero>=2,<3.1", "char_hero == 1.0"):
    check_requirement(text)
assert "packaging" not in sys.modules
check_requirement("char_hero~=1.0")
assert "packaging" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
