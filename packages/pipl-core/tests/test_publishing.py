"""From a packl in edition to a release that others install."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from pipl_core import (
    AccessError,
    ConflictError,
    NotFoundError,
    PacklError,
    ServerError,
    add_dependency,
    plan_publish,
)
from pipl_core.building import build_wheel
from pipl_core.environments import VirtualEnvironment
from pipl_core.locks import usable_lock
from pipl_core.publishing import upload
from pipl_core.tasks import make, task_of
from pipl_hooks import PacklInfo, PluginError, Problem
from pipl_hooks.packl import PRIVATE_CLASSIFIER

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

TYPES = """
from pipl_pipe import Asset, Task, command


class NoteTask(Task):
    type_name = "note"
    text = Asset("file")

    @command
    def build(self):
        with self.text.edit() as path:
            path.write_text("a note")
"""


@pytest.fixture
def types(running_project, pipl_wheels, throw_away_packl, unique, tmp_path):
    """The name of a released packl that gives the task type `note`."""
    name = unique("note_types")
    packl = throw_away_packl(
        tmp_path / "types",
        name,
        version="1.2.0",
        files={f"src/{name}/__init__.py": TYPES},
        dependencies=["pipl-pipe"],
        entry_points={"pipl_pipe.task_type": {"note": f"{name}:NoteTask"}},
    )
    throw_away_packl.publish(packl, running_project)
    return name


def test_a_packl_goes_to_the_first_stage_and_to_those_who_may_to_release(
    workspace, shared_workspace, throw_away_packl, unique, tmp_path
):
    project, name, other = workspace.project, unique("rig"), unique("neck")
    throw_away_packl.release(project, other, tmp_path, "1.5")
    packl = throw_away_packl(workspace, name)
    add_dependency(packl, workspace, other)
    said = []
    plan = plan_publish(packl, workspace)
    assert (plan.problems, plan.index) == ([], "root/submitted")
    assert plan.steps == ["build its wheel", "upload it to root/submitted"]
    publication = plan.execute(said.append)
    assert said == [f"Building {name} 0.1.0", "Uploading to root/submitted"]
    assert publication.url == f"{project.address}/root/submitted/{name}/0.1.0"
    # Again: the same content is no error.
    assert plan_publish(packl, workspace).execute() == publication

    with pytest.raises(AccessError):
        plan_publish(packl, workspace, "root/PROJ").execute()
    released = throw_away_packl.publish(packl, project)
    assert (released.index, released.digest) == ("root/PROJ", publication.digest)

    environment = VirtualEnvironment(tmp_path / "other" / ".venv", project)
    environment.create()
    environment.install([name])
    done = environment.run_python(["-c", f"import {name}, {other}"], quiet=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_other_content_under_a_released_version_is_refused(workspace, throw_away_packl, unique):
    packl = throw_away_packl(workspace, unique("rig"))
    throw_away_packl.publish(packl, workspace.project)
    (packl.folder / "src" / packl.module / "__init__.py").write_text('"""Changed."""\n')
    plan = plan_publish(packl, workspace)
    hint = "A released version never changes: `pipl packl bump patch`, then publish again."
    message = f"{packl.name} 0.1.0 has been released, with other content."
    assert plan.problems == [Problem(message, hint)]
    with pytest.raises(PacklError, match=r"0\.1\.0 cannot be published"):
        plan.execute()
    plan.problems.clear()  # somebody else releases it between plan and execution
    with pytest.raises(ConflictError) as error:
        plan.execute()
    assert error.value.message == (
        f"{packl.name} 0.1.0 has been released in {workspace.project.name}, with other content."
    )
    assert error.value.hint == hint
    packl.bump("patch")
    assert plan_publish(packl, workspace).execute().version == "0.1.1"


class TestProblems:
    def test_stop_a_publication(self, shared_workspace, throw_away_packl, tmp_path, plugin_packl):
        packl = throw_away_packl(tmp_path, "sick_packl", dependencies=["rig @ file:///tmp/rig.whl"])
        packl.file.write_text(packl.file.read_text().replace(PRIVATE_CLASSIFIER, "Private :: x"))
        (packl.folder / "src" / "sick_packl" / "__init__.py").unlink()
        (packl.data_folder / "assets.json").write_text("{")
        plugin_packl(pipl_publish_checks=lambda packl: [Problem(f"{packl.name} is sick.")])
        damage = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
        plan = plan_publish(packl, shared_workspace)
        assert [problem.message for problem in plan.problems] == [
            f"It lacks the classifier '{PRIVATE_CLASSIFIER}', which keeps it off public indexes.",
            "It has no import package src/sick_packl.",
            f"It depends on an address: {Requirement('rig @ file:///tmp/rig.whl')}.",
            f"assets.json is damaged: {damage}.",
            "sick_packl is sick.",
        ]
        with pytest.raises(PacklError) as error:
            plan.execute()
        assert error.value.message == "sick_packl 0.1.0 cannot be published."
        assert error.value.context == "\n".join(problem.message for problem in plan.problems)
        assert error.value.hint == plan.problems[0].hint

    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (lambda packl: 1 / 0, "ZeroDivisionError: division by zero"),
            (lambda packl: sys.exit(0), "SystemExit: 0"),
        ],
    )
    def test_name_the_plugin_that_could_not_look(
        self, shared_workspace, throw_away_packl, tmp_path, plugin_packl, answer, why
    ):
        plugin_packl(pipl_publish_checks=answer)
        with pytest.raises(PluginError, match="failed in the hook pipl_publish_checks") as error:
            plan_publish(throw_away_packl(tmp_path, "rig"), shared_workspace)
        assert error.value.context == why

    @pytest.mark.parametrize("answer", [5, ["sick"], Problem("sick"), [Problem(5)]])
    def test_that_are_none_name_the_plugin(
        self, shared_workspace, throw_away_packl, tmp_path, plugin_packl, answer
    ):
        plugin_packl(pipl_publish_checks=lambda packl: answer)
        with pytest.raises(PluginError, match="gave no list of problems"):
            plan_publish(throw_away_packl(tmp_path, "rig"), shared_workspace)

    def test_of_its_data_are_listed_too(self, shared_workspace, throw_away_packl, tmp_path):
        packl = throw_away_packl(tmp_path, "sick_packl")
        (packl.data_folder / "packl.toml").write_text("format = 9")
        plan = plan_publish(packl, shared_workspace)
        assert [p.message for p in plan.problems] == ["Format 9 of packl.toml is not known here."]

    def test_of_the_index_are_known_before_anything_is_stored(
        self, shared_workspace, throw_away_packl, tmp_path
    ):
        packl = throw_away_packl(tmp_path, "rig")
        with pytest.raises(NotFoundError):
            plan_publish(packl, shared_workspace, "root/nowhere")

    def test_of_the_server_too(self, fresh_project, throw_away_packl, tmp_path):
        class Elsewhere:
            project = fresh_project

        with pytest.raises(ServerError):
            plan_publish(throw_away_packl(tmp_path, "rig"), Elsewhere)


def test_nobody_who_is_not_logged_in_uploads(
    running_project, throw_away_packl, tmp_path, monkeypatch
):
    for name in ("XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "empty"))
    packl = throw_away_packl(tmp_path, "rig")
    with pytest.raises(AccessError) as error:
        upload(running_project, build_wheel(packl.folder, tmp_path / "dist"), "root/submitted")
    assert error.value.message == f"Nobody is logged in at {running_project.address}."


class TestTasks:
    def test_a_packl_becomes_a_task_is_published_and_installed_from_its_lock(
        self, workspace, types, unique, tmp_path
    ):
        name = unique("sh010_note")
        workspace.install([types])
        made = make(workspace, "task", name, "note", {"shot": "sh010"})
        packl = made.packl
        assert made.changed
        assert made.commands == (f"{name}-info", f"{name}-build")
        assert packl.info == PacklInfo("task", "note", {"shot": "sh010"})
        assert [edit.action for edit in packl.history] == ["create", "create_task"]
        assert list(map(str, packl.requirements())) == [f"{types}<2,>=1.2.0"]
        assert task_of(workspace).name == name

        again = make(workspace, "task", name, "note", {"shot": "sh010"})
        assert (again.changed, again.commands) == (False, made.commands)
        assert len(packl.history) == 2

        plan = plan_publish(packl, workspace)
        with pytest.raises(Exception, match="has no bytes to publish"):
            plan.execute()
        argv, variables, cwd = workspace.launch([f"{name}-build"])
        subprocess.run(argv, env=variables, cwd=cwd, check=True)
        plan.execute()

        reference = packl.references["text"]
        assert (reference.revision, reference.size, reference.files) == ("0.1.0", 6, 1)
        lock = (packl.data_folder / "pylock.toml").read_text()
        assert workspace.project.address not in lock
        assert str(workspace.project.config.port) not in lock
        locked = {found["name"]: found["version"] for found in tomllib.loads(lock)["packages"]}
        assert locked[types.replace("_", "-")] == "1.2.0"

        environment = VirtualEnvironment(tmp_path / "clean" / ".venv", workspace.project)
        environment.create()
        environment.install_lock(usable_lock(workspace.project, lock, tmp_path))
        done = environment.run_python(["-c", f"import {types}"], quiet=True)
        assert (done.returncode, done.stderr) == (0, "")

    def test_what_was_released_keeps_its_assets_and_its_lock(
        self, workspace, types, unique, throw_away_packl, tmp_path
    ):
        name = unique("sh030_note")
        workspace.install([types])
        packl = make(workspace, "task", name, "note").packl
        argv, variables, cwd = workspace.launch([f"{name}-build"])
        subprocess.run(argv, env=variables, cwd=cwd, check=True)
        plan_publish(packl, workspace).execute()
        throw_away_packl.publish(packl, workspace.project)
        before = {path: path.read_bytes() for path in packl.data_folder.iterdir()}

        # Another environment would be another lock.
        workspace.install(
            [throw_away_packl.release(workspace.project, unique("later"), tmp_path).name]
        )
        plan = plan_publish(packl, workspace)
        assert (plan.released, plan.problems) == (True, [])
        plan.execute()
        (edited,) = (workspace.work / name / "text").iterdir()
        edited.write_text("another note")
        with pytest.raises(ConflictError) as error:
            plan_publish(packl, workspace).execute()
        assert error.value.message == (
            f"{name} 0.1.0 has been released in {workspace.project.name}, with other Assets."
        )
        assert {path: path.read_bytes() for path in packl.data_folder.iterdir()} == before

    def test_there_is_one_task_per_workspace_and_one_type_per_task(self, workspace, types, unique):
        name = unique("note")
        workspace.install([types])
        make(workspace, "task", name, "note")
        with pytest.raises(ConflictError) as error:
            make(workspace, "task", unique("note"), "note")
        assert error.value.message == (
            f"The workspace {workspace.name} has a task already: {name}."
        )
        with pytest.raises(ConflictError) as error:
            make(workspace, "task", name, "task")
        assert error.value.message == f"{name} is a task of the type 'note' already."

    def test_an_unknown_type_leaves_nothing(self, shared_workspace):
        with pytest.raises(Exception, match="gives the task type 'singing'"):
            make(shared_workspace, "task", "song", "singing")
        assert shared_workspace.packls == []
        with pytest.raises(NotFoundError, match="has no task"):
            task_of(shared_workspace)

    def test_code_that_is_no_python_is_an_error(self, workspace, throw_away_packl):
        packl = throw_away_packl(workspace, "broken", files={"src/broken/__init__.py": "def ("})
        with pytest.raises(PacklError) as error:
            make(workspace, "task", "broken", "task")
        assert error.value.message == "The packl's code is not valid Python."
        assert packl.history == []

    def test_an_installation_that_failed_is_made_good_the_next_time(self, workspace, monkeypatch):
        def fail(*arguments, **options):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(type(workspace), "install", fail)
            with pytest.raises(OSError, match="No space left"):
                make(workspace, "task", "sh020_note", "task")
        assert not (workspace.folder / "packls" / "sh020_note").exists()
        # What was there before stays, in the state in which the installation found it.
        make(workspace, "task", "sh020_note", "task")
        workspace.environment.uninstall(["sh020-note"])
        (workspace.environment.folder / "pipl-edited.json").unlink()
        made = make(workspace, "task", "sh020_note", "task")
        assert not made.changed
        assert workspace.installed()["sh020-note"] == "0.1.0"
        assert workspace.launch(["sh020_note-info"])
