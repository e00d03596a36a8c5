"""What the project allows, whoever brings it."""

from __future__ import annotations

import contextlib
import tomllib

import pytest

from pipl_core import InstallError, Packl, Project, Workspace
from pipl_core.constraints import (
    Constraint,
    about_others,
    check_constraint,
    in_force,
    parsed_constraint,
)
from pipl_core.installed import InstalledPackls
from pipl_core.locks import LOCK_NAME, lock_text
from pipl_core.task_workspaces import create_for_task
from pipl_core.workspace import WORKSPACE_FILE
from pipl_testing import release_wheel, write_wheel

pytestmark = [pytest.mark.needs_tools]

RELEASES = (
    ("k_lib", "1.0", ()),
    ("k_lib", "2.0", ()),
    ("k_tool", "1.0", ("k_lib",)),
    ("k_sim", "1.0", ("k_lib<2",)),
    ("k_sim", "2.0", ("k_lib>=2",)),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("numpy<2", "the project allows only numpy<2 (pipl.toml)"),
        ("My_Rig >=2,<3 ; os_name != 'x'", "the project allows only My_Rig >=2,<3 (pipl.toml)"),
        ("numpy<0", "the project allows no numpy (numpy<0 in pipl.toml)"),
    ],
)
def test_is_said_as_a_sentence(text, said):
    assert str(Constraint.from_text(text)) == said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("numpy", "'numpy' is no constraint, since it names no versions."),
        ("numpy[x]<2", "'numpy[x]<2' is no constraint, since it has extras."),
        ("numpy\n<2", "'numpy\\n<2' is no constraint, since it is not one line."),
        ("numpy<<2", "'numpy<<2' is no requirement."),
        ("numpy @ file:///x", "'numpy @ file:///x' names an address."),
    ],
)
def test_that_makes_no_sense_is_an_error(text, message):
    for read in (parsed_constraint, check_constraint):
        with pytest.raises(InstallError) as error:
            read(text)
        assert error.value.message == message


def test_is_about_one_name_however_it_is_written():
    constraint = Constraint.from_text("My.Rig<2")
    found = [constraint.allows(*each) for each in (("my-rig", "2.0"), ("my_rig", "1"), ("x", "9"))]
    assert found == [False, True, True]
    assert about_others(("My.Rig<2", "numpy<2"), ["my_rig"]) == ("numpy<2",)


def test_is_in_force_where_its_marker_holds(bench):
    (bench.environment.folder / "pyvenv.cfg").write_text("version_info = 3.9.5.final.0\n")
    texts = ("a<1; python_version < '3.10'", "b<1; python_version >= '3.10'", "c<1")
    found = in_force(texts, InstalledPackls(bench.environment.folder))
    assert [constraint.text for constraint in found] == ["a<1", "c<1"]


@pytest.fixture(scope="session")
def released(running_project, pipl_wheels, tmp_path_factory):
    """Releases of a library and of those who use it."""
    del pipl_wheels
    folder = tmp_path_factory.mktemp("constraints")
    for name, version, requires in RELEASES:
        release_wheel(running_project, write_wheel(folder, name, version, requires=requires))
    return running_project


@pytest.fixture
def project(released, tmp_path):
    """A project of the test's own by its folder, with the server of the running one."""
    return Project.create(tmp_path / "PROJECT", port=released.config.port)


def constrained(project, *constraints):
    """Have a project constrain what it allows, and return it."""
    lines = (project.folder / "pipl.toml").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("constraints")]
    at = next(i for i, line in enumerate(kept) if line.startswith("install = "))
    kept.insert(at + 1, f"constraints = {list(constraints)}\n")
    (project.folder / "pipl.toml").write_text("".join(kept))
    return Project(project.folder)


def versions(workspace):
    """Return what a workspace has of the releases."""
    return {name: v for name, v in workspace.installed().items() if name.startswith("k-")}


@pytest.mark.slow
class TestWorkspaces:
    def test_are_made_within_them_and_brought_to_them(self, project):
        project = constrained(project, "k_lib<2")
        workspace = Workspace.create(project, "desk", requirements=["k_tool"])
        assert versions(workspace) == {"k-lib": "1.0", "k-tool": "1.0"}
        constrained(project)
        Workspace(workspace.folder).sync(upgrade=True)
        assert versions(workspace) == {"k-lib": "2.0", "k-tool": "1.0"}
        constrained(project, "k_lib<2")
        Workspace(workspace.folder).sync()
        assert versions(workspace) == {"k-lib": "1.0", "k-tool": "1.0"}

    def test_get_nothing_by_them(self, project):
        project = constrained(project, "k_lib<2")
        workspace = Workspace.create(project, "desk")
        assert versions(workspace) == {}
        text = (workspace.folder / WORKSPACE_FILE).read_text()
        assert "k_lib" not in text

    def test_say_who_stands_against_what(self, project):
        project = constrained(project, "k_lib<0", "pipl-nothing<1; python_version < '3'")
        workspace = Workspace.create(project, "desk")
        with pytest.raises(InstallError) as error:
            workspace.install(["k_tool"])
        assert error.value.message == (
            "The project allows no k_lib (k_lib<0 in pipl.toml), "
            "but k-tool 1.0 (which you ask for) asks for it."
        )
        assert error.value.hint == (
            "Ask for another k-tool, or loosen k_lib<0 in pipl.toml. Nothing was changed."
        )
        assert versions(workspace) == {}

    def test_that_never_come_are_told_to_who_asks_why(self, project):
        from pipl_core.asking import Why, why

        workspace = Workspace.create(constrained(project, "k_sim<0"), "desk")
        said = "the project allows no k_sim (k_sim<0 in pipl.toml)"
        assert why(workspace, "k_sim") == Why("k-sim", None, False, (), (said,))

    def test_may_edit_what_is_not_allowed(self, project, throw_away_packl):
        project = constrained(project, "k_lib<2", "k_tool<0")
        workspace = Workspace.create(project, "desk")
        throw_away_packl(workspace, "k_tool", version="3.0", dependencies=["k_lib"])
        assert workspace.constraints == ("k_lib<2",)
        workspace.sync()
        assert versions(workspace) == {"k-lib": "1.0", "k-tool": "3.0"}

    def test_keep_what_their_lock_names(
        self, released, project, throw_away_packl, unique, tmp_path
    ):
        workspace = Workspace.create(project, "desk", requirements=["k_lib"])
        packl = throw_away_packl(
            tmp_path, unique("k_shot"), info=task_info(), dependencies=["k_lib"]
        )
        (packl.data_folder / LOCK_NAME).write_text(lock_text(workspace, packl))
        throw_away_packl.publish(packl, released)
        project = constrained(project, "k_lib<2", "k_sim<2")
        again = create_for_task(project, requirement(packl), "again", locked=True)
        again.sync()
        assert versions(again)["k-lib"] == "2.0"
        assert again.constraints == ("k_sim<2",)
        assert tomllib.loads(lock_text(again, packl))["packages"]


def task_info():
    from pipl_hooks import PacklInfo

    return PacklInfo("task", "note")


def requirement(packl):
    from packaging.requirements import Requirement

    return Requirement(f"{packl.name}=={packl.version}")


@pytest.mark.slow
def test_a_lock_holds_nothing_that_is_not_allowed(project, throw_away_packl):
    workspace = Workspace.create(project, "desk", requirements=["k_lib"])
    packl = throw_away_packl(workspace, "k_shot")
    constrained(project, "k_lib<2")
    with pytest.raises(InstallError) as error:
        lock_text(Workspace(workspace.folder), Packl(packl.folder))
    assert error.value.message == "The environment of k_shot cannot be locked."
    assert error.value.context == (
        "It holds k-lib 2.0, but the project allows only k_lib<2 (pipl.toml)."
    )
    assert error.value.hint == "`pipl work sync` brings what the project allows."


@pytest.mark.slow
def test_what_is_newer_and_who_holds_it_back(project):
    from pipl_core.asking import why
    from pipl_core.catalogue import catalogue_of
    from pipl_core.outdated import standings

    project = constrained(project, "k_lib<2")
    workspace = Workspace.create(project, "desk", requirements=["k_lib"])
    with contextlib.closing(catalogue_of(project)) as catalogue:
        (status,) = [s for s in standings(workspace, catalogue) if s.name == "k-lib"]
    assert (status.version, status.fits, status.newest) == ("1.0", "1.0", "2.0")
    assert status.held_by == ("the project allows only k_lib<2 (pipl.toml)",)
    assert why(workspace, "k_lib").constraints == status.held_by
