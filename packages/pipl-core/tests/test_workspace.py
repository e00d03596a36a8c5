"""Workspaces in a running project, with real environments."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import (
    ConflictError,
    CoreError,
    InstallError,
    NotFoundError,
    Packl,
    PacklError,
    Project,
    Workspace,
    add_dependency,
    remove_dependency,
    workspaces,
)
from pipl_core.environments import VirtualEnvironment
from pipl_core.project import free_port
from pipl_hooks import PacklInfo, normalized_name

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

PIPELINE = {"packaging", "pipl-assetstore", "pipl-envset", "pipl-hooks", "pipl-pipe", "pluggy"}
LAUNCHED = "import json, os, sys; print(json.dumps([sys.prefix, os.environ.get('PIPL_WORKSPACE')]))"
ENVSET = """
from pipl_envset import Alias, EnvSet, Prepend, Set


class Some(EnvSet):
    def changes(self):
        return [Set("PIPL_T_ROOT", "it's $HOME"), Prepend("PIPL_T_PATH", "/tools")]


ENV = Some(__name__)
"""


@pytest.fixture
def dead_indexes(monkeypatch):
    """Settings of whoever sits there, which must not count: no such index answers."""
    dead = f"http://127.0.0.1:{free_port(0)}/simple/"
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, dead)
    monkeypatch.setenv("UV_INDEX", dead)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")


class TestCreating:
    def test_installs_the_pipeline_and_nothing_else(self, shared_workspace):
        assert set(shared_workspace.installed()) == PIPELINE
        assert shared_workspace.requirements == ["pipl-pipe", "pipl-assetstore", "pipl-envset"]
        assert shared_workspace.packls == []
        assert shared_workspace.work.is_dir()

    def test_asks_the_project_s_index_alone(self, running_project, pipl_wheels, dead_indexes):
        made = Workspace.create(running_project, "dead_indexes")
        assert set(made.installed()) == PIPELINE
        shutil.rmtree(made.folder)

    def test_that_differs_only_in_capital_letters_is_a_conflict(self, shared_workspace):
        folder = shared_workspace.folder
        name = folder.name.upper()
        with pytest.raises(ConflictError) as error:
            Workspace.create(shared_workspace.project, name, area=folder.parent)
        assert error.value.message == (
            f"{folder.parent / name} and {folder} differ only in capital letters."
        )
        assert not (folder.parent / name).exists()

    def test_where_a_folder_is_already_is_a_conflict(self, shared_workspace):
        with pytest.raises(ConflictError) as error:
            Workspace.create(shared_workspace.project, "shared")
        assert error.value.message == f"{shared_workspace.folder} exists already."

    @pytest.mark.parametrize("name", ["", "..", "a/b", "CON"])
    def test_with_a_name_that_no_folder_may_have_is_an_error(self, running_project, name):
        with pytest.raises(PacklError):
            Workspace.create(running_project, name)

    def test_of_what_does_not_exist_leaves_nothing(self, running_project, pipl_wheels):
        with pytest.raises(InstallError) as error:
            Workspace.create(running_project, "gone", requirements=["no-such-packl-at-all"])
        assert error.value.message == (
            "You ask for no-such-packl-at-all, which the project does not have."
        )
        assert "no-such-packl-at-all" in error.value.context
        assert not (running_project.workarea / "gone").exists()

    def test_with_an_unknown_python_leaves_nothing(self, running_project):
        with pytest.raises(CoreError) as error:
            Workspace.create(running_project, "gone", python="1.5")
        assert "could not be made with Python '1.5'" in error.value.message
        assert not (running_project.workarea / "gone").exists()

    def test_without_a_server_leaves_nothing(self, fresh_project):
        with pytest.raises(InstallError) as error:
            Workspace.create(fresh_project, "gone")
        assert "pipl proj status" in error.value.hint
        assert not (fresh_project.workarea / "gone").exists()

    def test_with_an_unknown_installer_is_an_error(self, pipl_home, tmp_path):
        project = Project.create(tmp_path / "X", port=free_port(0), installer="conda")
        with pytest.raises(InstallError) as error:
            Workspace.create(project, "gone")
        assert error.value.message == (
            "No plugin gives the installer 'conda', which the project's pipl.toml names."
        )

    def test_tells_plugins(self, running_project, pipl_wheels, plugin_packl):
        told = []
        # A hook's arguments are known by their names, so `told.append` alone would not do.
        plugin_packl(pipl_workspace_created=lambda workspace: told.append(workspace))  # noqa: PLW0108
        made = Workspace.create(running_project, "told")
        assert told == [made.folder]
        shutil.rmtree(made.folder)


class TestFinding:
    def test_is_from_any_folder_in_it(self, shared_workspace, monkeypatch, tmp_path):
        assert Workspace.find(shared_workspace.work).folder == shared_workspace.folder
        assert Project.find(shared_workspace.work).folder == shared_workspace.project.folder
        monkeypatch.setenv("PIPL_WORKSPACE", str(shared_workspace.folder))
        assert Workspace.find(tmp_path).folder == shared_workspace.folder

    def test_lists_those_of_the_project(self, shared_workspace):
        found = [workspace.folder for workspace in workspaces(shared_workspace.project)]
        assert shared_workspace.folder in found


class TestLaunching:
    def test_gives_command_variables_and_folder_without_running(self, shared_workspace):
        argv, variables, cwd = shared_workspace.launch(["python", "-c", LAUNCHED])
        assert argv[0] == str(shared_workspace.environment.python)
        assert cwd == shared_workspace.folder
        done = subprocess.run(
            argv, env=variables, cwd=cwd, capture_output=True, text=True, check=True
        )
        environment = str(shared_workspace.environment.folder)
        assert json.loads(done.stdout) == [environment, str(shared_workspace.folder)]

    def test_an_unknown_command_is_an_error(self, shared_workspace):
        with pytest.raises(NotFoundError) as error:
            shared_workspace.launch(["no-such-command"])
        assert error.value.message == (
            "There is no command 'no-such-command' in the workspace shared."
        )


class TestInstalling:
    def test_takes_what_was_released_and_remembers_it(
        self, workspace, throw_away_packl, unique, tmp_path
    ):
        name = unique("tool")
        throw_away_packl.release(workspace.project, name, tmp_path, "1.0")
        throw_away_packl.release(workspace.project, name, tmp_path, "1.1")
        workspace.install([f"{name}<1.1"])
        normalized = name.replace("_", "-")
        assert workspace.installed()[normalized] == "1.0"
        assert workspace.requirements[-1] == f"{name}<1.1"
        (status,) = [each for each in workspace.status() if each.name == normalized]
        assert (status.version, status.newest, status.edited) == ("1.0", "1.1", None)
        workspace.install([name], upgrade=True)
        assert workspace.installed()[normalized] == "1.1"
        assert workspace.requirements[-1] == name

    def test_of_what_does_not_exist_changes_nothing(self, workspace):
        before = workspace.installed(), workspace.requirements
        with pytest.raises(InstallError) as error:
            workspace.install(["no-such-packl-at-all"])
        assert error.value.hint == (
            "Check name and version: only what has been released in the project can be installed, "
            "and what its third-party mirror reaches."
        )
        assert (workspace.installed(), workspace.requirements) == before

    def test_never_takes_a_name_of_the_project_from_the_mirror(
        self, workspace, throw_away_packl, tmp_path
    ):
        # The mirror has newer ones of this name.
        throw_away_packl.release(workspace.project, "toolz", tmp_path, "0.0.1")
        workspace.install(["toolz"])
        assert workspace.installed()["toolz"] == "0.0.1"
        with pytest.raises(InstallError):
            workspace.install(["toolz>=0.1"])

    def test_what_is_edited_no_longer_is_had_as_it_was_released(
        self, workspace, throw_away_packl, tmp_path, unique
    ):
        rig = unique("rig")
        throw_away_packl.release(workspace.project, rig, tmp_path, "1.0")
        packl = Packl.create(workspace, rig, shadow=True)
        workspace.install([rig])
        assert workspace.installed()[normalized_name(rig)] == "0.1.0"
        shutil.rmtree(packl.folder)
        workspace.sync()
        assert workspace.installed()[normalized_name(rig)] == "1.0"

    def test_a_damaged_record_of_what_was_done_is_no_obstacle(self, workspace):
        packl = Packl.create(workspace, "edited_here")
        (place,) = workspace.environment.site_packages
        (source,) = place.glob("edited_here-*.dist-info/direct_url.json")
        for damage in ("{", "[]", "{}"):
            source.write_text(damage)
            assert not workspace.environment.has_edited(packl)
        source.unlink()
        (workspace.environment.folder / "pipl-programs.json").write_text("{")
        workspace.sync()
        assert workspace.environment.has_edited(packl)

    def test_an_environment_that_is_gone_is_made_anew(self, workspace):
        shutil.rmtree(workspace.environment.folder)
        assert not workspace.environment.exists
        with pytest.raises(NotFoundError, match="does not stand"):
            workspace.environment.run_python(["-c", ""])
        workspace.sync()
        assert set(workspace.installed()) == PIPELINE


class TestAsOfADay:
    def test_stays_as_of_that_day_until_it_is_now(
        self, running_project, pipl_wheels, throw_away_packl, tmp_path, unique, moment_after
    ):
        lamp, vase, bulb = unique("lamp"), unique("vase"), unique("bulb")
        for name in (lamp, vase, bulb):
            throw_away_packl.release(running_project, name, tmp_path / name, "1.0")
        between = moment_after(bulb)
        for name in (lamp, vase, bulb):
            throw_away_packl.release(running_project, name, tmp_path / name, "1.1")
        workspace = Workspace.create(
            running_project, unique("day"), requirements=[lamp], at=between.replace("Z", "+00:00")
        )
        assert workspace.at == between
        assert workspace.installed()[lamp.replace("_", "-")] == "1.0"
        workspace.install([vase])
        assert workspace.installed()[vase.replace("_", "-")] == "1.0"
        packl = Packl.create(workspace, unique("scene"))
        assert str(add_dependency(packl, workspace, bulb, "", "")) == f"{bulb}<2,>=1.0"
        workspace.sync(upgrade=True)

        names = [name.replace("_", "-") for name in (lamp, vase, bulb)]
        assert [workspace.installed()[name] for name in names] == ["1.0"] * 3
        workspace.sync(at="now")
        assert workspace.at is None
        assert [workspace.installed()[name] for name in names] == ["1.1"] * 3
        workspace.sync(at=between)
        assert workspace.at == between
        assert [workspace.installed()[name] for name in names] == ["1.0"] * 3
        shutil.rmtree(workspace.environment.folder)
        workspace.sync()
        assert [workspace.installed()[name] for name in names] == ["1.0"] * 3
        assert workspace.environment.has_edited(packl)

    def test_before_the_pipeline_was_there_changes_nothing(
        self, running_project, pipl_wheels, workspace, unique
    ):
        before = (workspace.folder / "workspace.toml").read_text()
        with pytest.raises(InstallError):
            workspace.sync(at="2001-01-01")
        assert (workspace.folder / "workspace.toml").read_text() == before
        assert set(workspace.installed()) == PIPELINE
        name = unique("early")
        with pytest.raises(InstallError):
            Workspace.create(running_project, name, at="2001-01-01")
        assert not (running_project.workarea / name).exists()

    @pytest.mark.parametrize("at", ["soon", "9999-01-01"])
    def test_that_is_none_is_an_error_before_anything_is_done(self, workspace, at, unique):
        with pytest.raises(CoreError):
            workspace.sync(at=at)
        with pytest.raises(CoreError):
            Workspace.create(workspace.project, unique("never"), at=at)

    def test_that_somebody_spoiled_is_an_error(self, workspace):
        with (workspace.folder / "workspace.toml").open("a") as file:
            file.write('at = "soon"\n')
        with pytest.raises(CoreError) as error:
            _ = workspace.at
        assert error.value.message == f"{workspace.folder / 'workspace.toml'} cannot be read."
        assert error.value.context == """ValueError("'soon' is no day and no time.")"""


def test_packl_in_edition_stays_when_something_else_depends_on_it(
    workspace, running_project, throw_away_packl, tmp_path, unique
):
    neck, rig = unique("neck"), unique("rig")
    packl = Packl.create(workspace, neck)
    throw_away_packl.release(running_project, neck, tmp_path, "0.5")
    throw_away_packl.publish(
        throw_away_packl(tmp_path, rig, dependencies=[f"{neck}>=0.2"]), running_project
    )
    workspace.install([rig], upgrade=True)
    assert workspace.environment.has_edited(packl)
    assert workspace.installed()[neck.replace("_", "-")] == "0.1.0"


class TestEnvSets:
    def test_set_variables_in_the_activated_environment(
        self, workspace, throw_away_packl, unique, tmp_path
    ):
        name = unique("env")
        throw_away_packl(
            workspace,
            name,
            info=PacklInfo("envset"),
            files={f"src/{name}/__init__.py": ENVSET},
            dependencies=["pipl-envset"],
            entry_points={"pipl_pipe.envset": {name: f"{name}:ENV"}},
        )
        workspace.install([], record=False)
        base = {"PATH": "/bin", "PIPL_T_PATH": "/old"}
        folder = workspace.environment.folder
        variables = VirtualEnvironment(folder, workspace.project, base).variables()
        assert variables["PIPL_T_ROOT"] == "it's $HOME"
        assert variables["PIPL_T_PATH"].split(":" if sys.platform != "win32" else ";") == [
            "/tools",
            "/old",
        ]
        if shutil.which("bash"):
            self.check_activation(workspace)

    @staticmethod
    def check_activation(workspace):
        dump = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
        script = workspace.environment.scripts / "activate"
        lines = [dump, f". '{script}'", dump, "deactivate", dump]
        done = subprocess.run(
            ["bash", "--norc", "-c", "\n".join(lines)],
            env={"PATH": "/usr/bin:/bin", "PIPL_T_PATH": "/old\n"},
            capture_output=True,
            text=True,
            check=True,
        )
        before, inside, after = (json.loads(line) for line in done.stdout.splitlines())
        assert inside["PIPL_T_PATH"] == "/tools:/old\n"
        assert inside["PIPL_T_ROOT"] == "it's $HOME"
        assert inside["PIPL_WORKSPACE"] == str(workspace.folder)
        for noise in ("_", "SHLVL"):
            after.pop(noise)
            before.pop(noise)
        assert after == before


class TestDependencies:
    def test_are_installed_first_and_then_recorded(
        self, workspace, throw_away_packl, unique, tmp_path
    ):
        rig, anim = unique("rig"), unique("anim")
        for version in ("2.0", "2.1"):
            throw_away_packl.release(workspace.project, rig, tmp_path, version)
        packl = Packl.create(workspace, anim, summary="An animation")
        assert [edit.action for edit in packl.history] == ["create"]

        added = add_dependency(packl, workspace, rig, comment="for the neck")
        assert str(added) == f"{rig}<3,>=2.1"
        added = add_dependency(packl, workspace, rig, "==2.0", "back again")
        assert workspace.installed()[rig.replace("_", "-")] == "2.0"
        assert list(map(str, packl.requirements())) == [f"{rig}==2.0"]
        edits = [(edit.action, edit.comment) for edit in packl.history]
        assert edits == [
            ("create", "An animation"),
            ("add", "for the neck"),
            ("add", "back again"),
        ]

        text, history = packl.file.read_text(), packl.history
        with pytest.raises(InstallError):
            add_dependency(packl, workspace, rig, ">=7")
        with pytest.raises(PacklError, match="cannot depend on itself"):
            add_dependency(packl, workspace, anim.replace("_", "-"))
        assert (packl.file.read_text(), packl.history) == (text, history)

        removed = remove_dependency(packl, workspace, rig, "no neck")
        assert str(removed) == f"{rig}==2.0"
        assert packl.requirements() == []
        assert rig.replace("_", "-") not in workspace.installed()
        assert len(packl.history) == 4
        with pytest.raises(NotFoundError) as error:
            remove_dependency(packl, workspace, rig)
        assert error.value.message == f"{anim} does not depend on '{rig}'."

    def test_that_an_extra_still_needs_stay_installed(
        self, workspace, throw_away_packl, unique, tmp_path
    ):
        tool = unique("tool")
        throw_away_packl.release(workspace.project, tool, tmp_path)
        packl = Packl.create(workspace, unique("model"))
        add_dependency(packl, workspace, tool, extra="edit")
        add_dependency(packl, workspace, tool)
        remove_dependency(packl, workspace, tool)
        assert tool.replace("_", "-") in workspace.installed()
        assert list(map(str, packl.requirements("edit"))) == [f"{tool}<0.2,>=0.1.0"]


class TestPackls:
    def test_of_one_name_are_made_once(self, workspace, unique):
        name = unique("rig")
        packl = Packl.create(workspace, name)
        assert (packl.version, packl.info) == ("0.1.0", PacklInfo("code"))
        assert workspace.installed()[name.replace("_", "-")] == "0.1.0"
        with pytest.raises(ConflictError) as error:
            Packl.create(workspace, name.replace("_", "-"))
        assert error.value.message == (
            f"The workspace {workspace.name} has the packl {name} already."
        )
        assert Packl.find(workspace.folder).name == name
        assert Packl.find(workspace.folder, name.upper()).name == name
        with pytest.raises(NotFoundError, match="has no packl 'other' in edition"):
            Packl.find(workspace.folder, "other")

    def test_never_take_the_place_of_a_person_s_folder(self, workspace, unique):
        name = unique("mine")
        folder = workspace.folder / "packls" / name
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
        with pytest.raises(ConflictError) as error:
            Packl.create(workspace, name)
        assert error.value.message == f"{folder} exists already, and is no packl."
        assert (folder / "notes.txt").read_text() == "mine"

    def test_that_cannot_be_installed_leave_nothing(self, workspace, plugin_packl, unique):
        name = unique("rig")
        text = (
            f'[project]\nname = "{name}"\nversion = "1"\ndependencies = ["no-such-thing-at-all"]\n'
        )
        plugin_packl(pipl_packl_files=lambda name, kind: {"pyproject.toml": text})
        with pytest.raises(InstallError):
            Packl.create(workspace, name)
        assert list((workspace.folder / "packls").iterdir()) == []

    def test_that_are_none_or_several_must_be_named(self, workspace, throw_away_packl):
        with pytest.raises(NotFoundError, match="has no packl in edition"):
            Packl.find(workspace.folder)
        throw_away_packl(workspace, "one")
        throw_away_packl(workspace, "two")
        with pytest.raises(NotFoundError) as error:
            Packl.find(workspace.folder)
        assert error.value.hint == "Go into the folder of one, or name it: one, two."


MARKER = {"format": 1, "name": "lab", "project": "..", "python": "", "install": ["pipl-pipe"]}


@pytest.fixture(scope="session")
def marked(pipl_home, tmp_path_factory):
    """A project, and a folder in it that only its marker makes a workspace."""
    project = Project.create(tmp_path_factory.mktemp("marked") / "Marked", port=3141)
    folder = project.folder / "lab"
    folder.mkdir()
    return folder


class TestMarkers:
    @pytest.mark.parametrize(
        ("changes", "context"),
        [
            ({"name": 5}, "TypeError('name should be a text, not 5')"),
            ({"project": ["x"]}, """TypeError("project should be a text, not ['x']")"""),
            ({"project": "\0"}, "ValueError('project holds a null character')"),
            ({"python": 3.11}, "TypeError('python should be a text, not 3.11')"),
            ({"install": "six"}, """TypeError("install should be a list of texts, not 'six'")"""),
            ({"install": ["a b"]}, """ValueError("'a b' is no requirement.")"""),
            ({"install": ["a @ file:///x"]}, """ValueError("'a @ file:///x' names an address.")"""),
        ],
    )
    def test_that_make_no_sense_are_named(self, marked, changes, context):
        (marked / "workspace.toml").write_text(tomlkit.dumps({**MARKER, **changes}))
        with pytest.raises(CoreError) as error:
            Workspace(marked)
        assert error.value.message == f"{marked / 'workspace.toml'} cannot be read."
        assert error.value.context == context

    @pytest.mark.parametrize(
        "data", [b"", b"\xff", b"a = " + b"[" * 100_000, b"a = " + b"1" * 5000]
    )
    def test_that_cannot_be_read_are_named(self, marked, data):
        (marked / "workspace.toml").write_bytes(data)
        with pytest.raises(CoreError) as error:
            Workspace(marked)
        assert error.value.message == f"{marked / 'workspace.toml'} cannot be read."
        assert Workspace.marker_in(marked) is None

    @given(data=st.data())
    def test_with_one_value_spoiled_are_read_or_an_error(self, spoiled, marked, data):
        try:
            text = tomlkit.dumps(data.draw(spoiled(MARKER)))
        except Exception:  # noqa: BLE001  TOML cannot say it
            return
        (marked / "workspace.toml").write_text(text, encoding="utf-8")
        with contextlib.suppress(CoreError):
            workspace = Workspace(marked)
            assert all(isinstance(text, str) for text in workspace.requirements)
            assert (workspace.packls, workspace.project.name) == ([], "Marked")
        with contextlib.suppress(CoreError):
            assert Project.find(marked).name == "Marked"


def test_only_one_command_changes_a_workspace_at_a_time(shared_workspace, monkeypatch):
    monkeypatch.setattr("pipl_core.workspace.BUSY_AFTER", 0.05)
    other = Workspace(shared_workspace.folder)
    with contextlib.ExitStack() as stack:
        stack.enter_context(shared_workspace.changing())
        with pytest.raises(CoreError) as error:
            stack.enter_context(other.changing())
    assert error.value.message == "Another command changes the workspace shared."
