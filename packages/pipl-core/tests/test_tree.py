"""The dependency tree, read from installed metadata alone."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from pipl_core import PacklError
from pipl_core.tree import TreeNode, dependency_tree
from pipl_testing import in_environment

pytestmark = pytest.mark.needs_tools


@pytest.fixture
def workspace(tmp_path):
    """What the tree reads of a workspace: an environment with a site-packages folder."""
    site = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    site.mkdir(parents=True)
    return SimpleNamespace(environment=SimpleNamespace(folder=tmp_path / ".venv"), site=site)


@pytest.fixture
def tree(workspace, throw_away_packl, tmp_path):
    """A function that returns what a packl with some dependencies shows below its root."""

    def show(*dependencies, extras=""):
        packl = throw_away_packl(tmp_path, "rig", dependencies=dependencies)
        packl.file.write_text(packl.file.read_text() + extras)
        root = dependency_tree(packl, workspace)
        assert (root.name, root.version, root.fits, root.extra) == ("rig", "0.1.0", True, None)
        return list(root.children)

    return show


def test_of_nothing_is_a_root(tree):
    assert tree() == []


def test_shows_what_fits_what_does_not_and_what_is_missing(workspace, tree):
    in_environment(workspace.site, "Neck", version="2.1")
    assert tree("neck>=2", "neck<2", "gone>1") == [
        TreeNode("Neck", ">=2", "2.1", fits=True),
        TreeNode("Neck", "<2", "2.1", fits=False),
        TreeNode("gone", ">1", None, fits=False),
    ]


def test_a_prerelease_that_is_installed_fits(workspace, tree):
    in_environment(workspace.site, "neck", version="2.1rc1")
    assert tree("neck>=2") == [TreeNode("neck", ">=2", "2.1rc1", fits=True)]


def test_goes_down_and_repeats_nothing(workspace, tree):
    in_environment(workspace.site, "neck", requires=["spine>=1", "bone"])
    in_environment(workspace.site, "spine", requires=["bone"])
    in_environment(workspace.site, "bone")
    bone = TreeNode("bone", "", "1.0.0", fits=True)
    spine = TreeNode("spine", ">=1", "1.0.0", fits=True, children=(bone,))
    assert tree("neck", "spine") == [
        TreeNode("neck", "", "1.0.0", fits=True, children=(spine, bone)),
        TreeNode("spine", "", "1.0.0", fits=True, repeated=True),
    ]


def test_a_circle_ends(workspace, tree):
    in_environment(workspace.site, "a", requires=["b"])
    in_environment(workspace.site, "b", requires=["a"])
    circle = TreeNode("a", "", "1.0.0", fits=True, repeated=True)
    inner = TreeNode("b", "", "1.0.0", fits=True, children=(circle,))
    assert tree("a") == [TreeNode("a", "", "1.0.0", fits=True, children=(inner,))]


def test_takes_what_the_extra_asks_for(workspace, tree):
    requires = ["bone", 'skin ; extra == "skin"']
    in_environment(workspace.site, "neck", requires=requires)
    in_environment(workspace.site, "bone")
    in_environment(workspace.site, "skin")
    bone, skin = (TreeNode(name, "", "1.0.0", fits=True) for name in ("bone", "skin"))
    assert tree("neck[skin]") == [
        TreeNode("neck", "", "1.0.0", fits=True, children=(bone, skin)),
    ]
    assert tree("neck") == [TreeNode("neck", "", "1.0.0", fits=True, children=(bone,))]


def test_names_the_extra_of_the_packl_itself(workspace, tree):
    in_environment(workspace.site, "viewer")
    extras = '\n[project.optional-dependencies]\nedit = ["viewer>=1"]\n'
    assert tree(extras=extras) == [TreeNode("viewer", ">=1", "1.0.0", fits=True, extra="edit")]


def test_leaves_out_what_is_for_other_platforms_and_pythons(workspace, tree):
    (workspace.environment.folder / "pyvenv.cfg").write_text(
        "home = x\nversion_info = 3.9.5.final.0\n"
    )
    in_environment(workspace.site, "old")
    old = TreeNode("old", "", "1.0.0", fits=True)
    other = "win32" if sys.platform != "win32" else "linux"
    wanted = [
        "old ; python_version < '3.10'",
        "new ; python_version >= '3.10'",
        f"other ; sys_platform == '{other}'",
    ]
    assert tree(*wanted) == [old]


@pytest.mark.parametrize("text", ["", "version_info", "version_info = x", "version_info = 3"])
def test_a_damaged_environment_has_the_tool_s_python(workspace, tree, text):
    (workspace.environment.folder / "pyvenv.cfg").write_text(text)
    assert tree("new ; python_version < '3.11'") == []


def test_old_requirements_that_cannot_be_read_are_left_out(workspace, tree):
    in_environment(workspace.site, "old", requires=["this >< is none", "bone"])
    assert [child.name for child in tree("old")[0].children] == ["bone"]


def test_a_packl_s_own_requirement_that_cannot_be_read_is_an_error(tree):
    with pytest.raises(PacklError, match="has a dependency that cannot be read"):
        tree("this >< is none")
