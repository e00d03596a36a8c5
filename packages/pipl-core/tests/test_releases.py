"""Which release is picked: by pipl's own choice, and by the installer in a real project."""

from __future__ import annotations

import contextlib

import pytest
from packaging.specifiers import SpecifierSet

from pipl_core import InstallError
from pipl_core.catalogue import catalogue_of
from pipl_core.releases import each_version, newest, released, wish, wishes
from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.needs_tools

RANGES = {
    "": "2.1",
    ">=2,<3": "2.1",
    ">=1,<2": "1.10",
    "~=1.2": "1.10",
    "==1.*": "1.10",
    "==1.2": "1.2",
    "!=2.1": "2.0",
    "<1.10": "1.9",
    "<=1.9": "1.9",
    # A candidate is for those who ask for one: where nothing else is in the range.
    ">=2.2rc1": "2.2rc2",
    "==2.2rc1": "2.2rc1",
    ">=2.0rc1": "2.1",
    ">2.1,<2.3": "2.2rc2",
    "<2": "1.10",
    ">=3": None,
    "==1.2.post1": None,
}
VERSIONS = ("1.2", "1.9", "1.10", "2.0", "2.1", "2.2rc1", "2.2rc2")


@pytest.mark.parametrize(("versions", "expected"), RANGES.items())
def test_the_newest_inside_a_range_is_picked(record, versions, expected):
    records = [record("v_rig", version) for version in VERSIONS]
    found = newest(records, SpecifierSet(versions))
    assert (found and found.version) == expected


@pytest.fixture(scope="session")
def ranges(running_project, tmp_path_factory):
    """Releases of each version."""
    folder = tmp_path_factory.mktemp("ranges")
    for version in VERSIONS:
        release_wheel(running_project, write_wheel(folder, "v_rig", version))


@pytest.mark.slow
class TestInAProject:
    def test_the_installer_picks_the_same(self, ranges, workspace):
        for versions, expected in RANGES.items():
            if "v-rig" in workspace.installed():
                workspace.environment.uninstall(["v-rig"])
            if expected is None:
                with pytest.raises(InstallError):
                    workspace.environment.install([f"v_rig{versions}"])
            else:
                workspace.environment.install([f"v_rig{versions}"])
                assert (versions, workspace.installed()["v-rig"]) == (versions, expected)

    def test_a_candidate_that_is_installed_stays_where_it_fits(self, ranges, workspace):
        workspace.install(["v_rig>=2.2rc1"])
        workspace.install(["v_rig>=1"])
        assert workspace.installed()["v-rig"] == "2.2rc2"
        workspace.install(["v_rig>=1,<2.2"])
        assert workspace.installed()["v-rig"] == "2.1"

    def test_the_catalogue_has_them_all(self, ranges, running_project):
        with contextlib.closing(catalogue_of(running_project)) as catalogue:
            records = catalogue.releases("v_rig")
        assert [record.version for record in records] == list(VERSIONS)
        found = newest(records)
        assert found is not None
        assert found.version == "2.1"


def test_withdrawn_ones_are_never_picked(record):
    records = [record("rig", "1.0"), record("rig", "2.0", yanked="")]
    assert newest(records).version == "1.0"
    assert newest(records[1:]) is None
    assert newest([]) is None


def test_candidates_are_picked_on_demand(record):
    records = [record("rig", "1.0"), record("rig", "2.0rc1")]
    assert newest(records, candidates=True).version == "2.0rc1"


def test_each_version_is_where_it_has_come_furthest(record):
    submitted = record("rig", "2.0", index="root/submitted")
    checked = record("rig", "1.0", index="root/checked")
    there = record("rig", "1.0")
    assert each_version([checked, there, submitted]) == [there, submitted]
    assert released([checked, there, submitted]) == [there]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Neck_Lib[Skin,hair]>=2,<3", ("neck-lib", "<3,>=2", {"skin", "hair"}, set(), "")),
        ('a ; extra == "Edit"', ("a", "", set(), {"edit"}, "")),
        ('a ; os_name == "nt" and extra == "x"', ("a", "", set(), {"x"}, 'os_name == "nt"')),
        ('a ; extra == "x" and os_name == "nt"', ("a", "", set(), {"x"}, 'os_name == "nt"')),
        ('a ; os_name == "nt"', ("a", "", set(), set(), 'os_name == "nt"')),
        (
            'a ; (os_name == "nt" or os_name == "x") and extra == "x"',
            ("a", "", set(), {"x"}, '(os_name == "nt" or os_name == "x") and extra == "x"'),
        ),
    ],
)
def test_reads_wishes(text, expected):
    found = wish(text)
    assert found.text == text
    assert (found.name, str(found.versions), found.extras, found.under, found.condition) == expected


def test_leaves_out_what_nobody_can_read_and_oneself(record):
    found = wishes(record("rig", "1.0", "rig[edit]", "a >< b", f"a>={'1' * 5000}", "neck"))
    assert [each.name for each in found] == ["neck"]
