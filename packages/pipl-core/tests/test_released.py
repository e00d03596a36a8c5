"""Released packls, found as installers find them."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from pipl_core import NotFoundError
from pipl_core.released import released_packl
from pipl_core.yanking import yank
from pipl_testing import PacklMaker

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


@pytest.fixture(scope="module")
def rig(running_project, tmp_path_factory):
    """Name of a packl with the releases 1.0, 2.0, 2.1rc1, and 3.0, which was withdrawn."""
    folder = tmp_path_factory.mktemp("releases")
    for version in ("1.0", "2.0", "2.1rc1", "3.0"):
        PacklMaker().release(running_project, "released_rig", folder, version)
    yank(running_project, "released_rig", "3.0", "the neck is broken")
    return "released_rig"


def found(project, text, at=None):
    with released_packl(project, Requirement(text), at=at) as packl:
        assert packl.wheel.is_file()
        return packl.version


@pytest.mark.parametrize(
    ("versions", "version"),
    [
        ("", "2.0"),
        (">=1", "2.0"),
        ("<2", "1.0"),
        (">=2.1rc1,<3", "2.1rc1"),
        ("==3.0", "3.0"),
        ("===3.0", "3.0"),
    ],
)
def test_the_newest_that_fits_is_found(running_project, rig, versions, version):
    assert found(running_project, f"{rig}{versions}") == version


@pytest.mark.parametrize("versions", [">=3", "==3.*", ">4"])
def test_one_that_was_withdrawn_is_found_only_by_its_version(running_project, rig, versions):
    with pytest.raises(NotFoundError) as error:
        found(running_project, f"{rig}{versions}")
    assert error.value.message == f"{rig}{versions} has not been released in PROJECT."
    assert error.value.context == "Released versions of it: 1.0, 2.0, 2.1rc1, 3.0 (withdrawn)."


def test_what_came_later_is_not_there_as_of_a_day(running_project, rig):
    with pytest.raises(NotFoundError):
        found(running_project, rig, "2020-01-01")


def test_an_unknown_name_is_an_error(running_project):
    with pytest.raises(NotFoundError) as error:
        found(running_project, "released_nowhere")
    assert error.value.context == "Released versions of it: none."
