"""Released tasks that are made again as they were, and worked on again by somebody else."""

from __future__ import annotations

import shutil
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from pipl_core import ConflictError, CoreError, NotFoundError, PacklError, Workspace, add_dependency
from pipl_core.environments import VirtualEnvironment, interpreter_version
from pipl_core.locks import usable_lock
from pipl_core.packl import Packl
from pipl_core.publishing import plan_publish
from pipl_core.taking_up import take_up
from pipl_core.task_workspaces import create_for_task
from pipl_core.tasks import make
from pipl_hooks import PacklInfo
from pipl_testing import PacklMaker, release_note_types

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


def run(workspace, *command):
    argv, variables, cwd = workspace.launch(command)
    done = subprocess.run(argv, env=variables, cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


def remove(workspace):
    shutil.rmtree(workspace.folder)


@pytest.fixture(scope="module")
def shot(running_project, pipl_wheels, tmp_path_factory):
    """A workspace whose task was released when `old_lib` was 1.0; 1.1 came afterwards."""
    project, packl_maker = running_project, PacklMaker()
    types = release_note_types(project, tmp_path_factory.mktemp("types"))
    packl_maker.release(project, "old_lib", tmp_path_factory.mktemp("lib"), "1.0")
    workspace = Workspace.create(project, "shot_maker", requirements=[types])
    packl = make(workspace, "task", "shot_x", "note", {"shot": "x"}).packl
    add_dependency(packl, workspace, "old_lib", ">=1", "for the lock")
    run(workspace, "shot_x-build")
    packl.bump("major", "the first")
    plan_publish(packl, workspace).execute()
    packl_maker.publish(packl, project)
    packl_maker.release(project, "old_lib", tmp_path_factory.mktemp("lib"), "1.1")
    return workspace


def test_a_lock_names_what_the_environment_holds(shot, tmp_path):
    packl = shot.packls[0]
    text = (packl.data_folder / "pylock.toml").read_text()
    lock = tomllib.loads(text)
    locked = {package["name"]: package["version"] for package in lock["packages"]}
    assert {"pipl-pipe", "pipl-envset", "note-types", "old-lib"} <= set(locked)
    assert locked == {n: v for n, v in shot.installed().items() if n != "shot-x"}
    assert lock["tool"] == {"pipl": {"python": shot.environment.python_version}}
    # The clean environment of a handler holds the same, to the last packl.
    environment = VirtualEnvironment(tmp_path / ".venv", shot.project, base={"PATH": ""})
    environment.create()
    environment.install_lock(usable_lock(shot.project, text, tmp_path))
    clean = Workspace.__new__(Workspace)
    clean.environment = environment
    assert clean.installed() == locked


class TestLocked:
    def test_is_the_same_environment_though_more_was_released(self, shot):
        said = []
        made = create_for_task(
            shot.project, Requirement("shot-x==1.0.0"), locked=True, progress=said.append
        )
        try:
            assert made.name == "shot_x"
            assert said == [
                "Fetching shot-x==1.0.0",
                "Looking for the files of its lock",
                "Making the environment",
                "Installing the lock of shot_x==1.0.0",
            ]
            same = {**shot.installed(), "shot-x": "1.0.0"}
            assert made.installed() == same
            assert same["old-lib"] == "1.0"
            assert (made.is_locked, made.requirements) == (True, ["shot_x==1.0.0"])
            assert "shot_x 1.0.0 (note)" in run(made, "task-info")
            assert "shot_x 1.0.0 (note)" in run(made, "shot_x-info")
            # Made again from scratch, it is the same once more.
            shutil.rmtree(made.environment.folder)
            made.sync(said.append)
            assert said[-3:] == ["Making the environment", "Installing its lock", "Installing"]
            assert made.installed() == same
            made.sync(upgrade=True)
            assert made.installed()["old-lib"] == "1.1"
        finally:
            remove(made)

    def test_has_the_python_of_the_lock(self, shot, monkeypatch):
        asked = []
        monkeypatch.setattr(
            "pipl_core.task_workspaces.interpreter_version",
            lambda python: asked.append(python) or interpreter_version(python),
        )
        made = create_for_task(shot.project, Requirement("shot_x"), "again", locked=True)
        try:
            assert asked == [shot.environment.python_version]
            assert made.environment.python_version == shot.environment.python_version
        finally:
            remove(made)

    def test_says_what_can_no_longer_be_had_before_anything_is_made(self, shot, tmp_path):
        packl_maker, project = PacklMaker(), shot.project
        packl = packl_maker(
            tmp_path,
            "shot_y",
            info=PacklInfo("task", "note"),
            entry_points={"pipl_pipe.task": {"shot_y": "shot_y:TASK"}},
        )
        lock = (shot.packls[0].data_folder / "pylock.toml").read_text()
        for package in tomllib.loads(lock)["packages"]:
            if package["name"] in {"old-lib", "pipl-pipe"}:
                path = package["wheels"][0]["url"]
                folders = path.split("/")[3:5]
                assert len("".join(folders)) == 16
                lock = lock.replace(path, path.replace("/".join(folders), "0" * 3 + "/" + "1" * 13))
        lock = lock.replace("note_types-0.1.0-py3-none-any", "note_types-0.1.0-cp27-none-win32")
        (packl.data_folder / "pylock.toml").write_text(lock)
        packl_maker.publish(packl, project)
        with pytest.raises(CoreError) as error:
            create_for_task(project, Requirement("shot_y"), locked=True, python="3.11")
        assert error.value.message == "The environment of shot_y 0.1.0 can no longer be made."
        gone = "the project's server does not have it any more"
        assert error.value.context.splitlines() == [
            "note-types 0.1.0: no file of it is for Python 3.11 on this machine",
            f"old-lib 1.0: old_lib-1.0-py3-none-any.whl: {gone}",
            f"pipl-pipe 0.1.0: pipl_pipe-0.1.0-py3-none-any.whl: {gone}",
        ]
        assert error.value.hint == (
            "Release again what is missing, or leave --locked out, to take what is newest."
        )
        assert not (project.workarea / "shot_y").exists()

    def test_needs_a_lock_a_task_and_a_release(self, shot, tmp_path):
        packl_maker, project = PacklMaker(), shot.project
        bare = packl_maker(tmp_path, "shot_z", info=PacklInfo("task", "note"))
        packl_maker.publish(bare, project)
        with pytest.raises(PacklError) as error:
            create_for_task(project, Requirement("shot_z"), locked=True)
        assert error.value.message == "shot_z 0.1.0 has no lock."
        with pytest.raises(PacklError) as error:
            create_for_task(project, Requirement("old_lib"), locked=True)
        assert error.value.message == "old_lib 1.1 is no task."
        assert error.value.context == "Its kind is code."
        with pytest.raises(NotFoundError) as error:
            create_for_task(project, Requirement("shot_x>5"))
        assert error.value.message == f"shot_x>5 has not been released in {project.name}."
        assert error.value.context == "Released versions of it: 1.0.0."
        with pytest.raises(CoreError) as error:
            create_for_task(project, Requirement("shot_x"), locked=True, python="2.1")
        assert error.value.message == "There is no Python '2.1' here."
        assert not any((project.workarea / name).exists() for name in ("shot_x", "shot_z"))


def test_without_a_lock_it_takes_what_is_newest(shot):
    made = create_for_task(shot.project, Requirement("shot_x"), "newest")
    try:
        assert (made.is_locked, made.installed()["old-lib"]) == (False, "1.1")
        assert made.requirements[-1] == "shot_x"
        assert "shot_x 1.0.0 (note)" in run(made, "task-info")
    finally:
        remove(made)


class TestTakingUp:
    @pytest.fixture
    def other(self, shot):
        made = Workspace.create(shot.project, "somebody_else", requirements=["note_types"])
        yield made
        remove(made)

    def test_goes_on_where_the_release_stopped(self, shot, other):
        said = []
        packl = take_up(other, Requirement("Shot-X==1.0.0"), said.append)
        assert said == ["Fetching Shot-X==1.0.0", "Installing shot_x"]
        assert packl.folder == other.folder / "packls" / "shot_x"

        def files(folder):
            found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
            return {n: p.read_bytes() for n, p in found.items() if "__pycache__" not in n}

        # Tests are not in a wheel; everything else is as it was.
        before = {n: b for n, b in files(shot.packls[0].folder).items() if n[:6] != "tests/"}
        assert files(packl.folder) == before
        assert list(other.folder.glob(".edit-*")) == []
        run(other, "task-info")
        code = "from shot_x import TASK\nprint(TASK.draft.path().read_text())"
        assert run(other, "python", "-c", code) == "hello\n"

        packl.bump("minor", "goes on")
        other.bring_up_to_date("bumped")
        code = (
            "from shot_x import TASK\n"
            "with TASK.draft.edit() as path:\n    path.write_text(path.read_text() + ' again')\n"
            "print(TASK.draft.save().revision.partition('+')[0], TASK.draft.path().read_text())"
        )
        assert run(other, "python", "-c", code) == "1.1.0 hello again\n"
        publication = plan_publish(packl, other).execute()
        assert (publication.name, publication.version) == ("shot_x", "1.1.0")
        assert packl.references["draft"].revision == "1.1.0"
        assert [edit.action for edit in packl.history] == [
            *("create", "create_task", "add", "bump", "bump")
        ]
        locked = tomllib.loads((packl.data_folder / "pylock.toml").read_text())["packages"]
        assert "shot-x" not in {package["name"] for package in locked}

        with pytest.raises(ConflictError) as error:
            take_up(other, Requirement("shot_x"))
        assert error.value.message == (
            "The workspace somebody_else has shot_x 1.1.0 in edition already."
        )

    def test_of_a_locked_workspace_too(self, shot):
        made = create_for_task(shot.project, Requirement("shot_x"), "locked_edit", locked=True)
        try:
            before = made.installed()
            packl = take_up(made, Requirement("shot_x"))
            assert made.installed() == before
            assert plan_publish(packl, made).problems == []
            shutil.rmtree(made.environment.folder)
            made.sync()
            assert made.installed() == before
        finally:
            remove(made)

    def test_is_refused_beside_another_task_and_leaves_nothing(self, shot, other):
        make(other, "task", "my_note", "note")
        with pytest.raises(ConflictError) as error:
            take_up(other, Requirement("shot_x"))
        assert error.value.message == (
            "shot_x is a task, and the workspace somebody_else has one already."
        )
        assert error.value.context == "It is my_note."
        (other.folder / "packls" / "old_lib").mkdir()
        with pytest.raises(ConflictError, match="exists already, and is no packl"):
            take_up(other, Requirement("old_lib"))
        with pytest.raises(NotFoundError):
            take_up(other, Requirement("never_released"))
        assert [p.name for p in other.packls] == ["my_note"]
        assert list(other.folder.glob(".edit-*")) == []

    def test_that_cannot_be_installed_leaves_nothing(self, shot, other, monkeypatch):
        def fail(*arguments, **options):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(type(other), "install", fail)
            with pytest.raises(OSError, match="No space left"):
                take_up(other, Requirement("old_lib"))
        assert list((other.folder / "packls").iterdir()) == []

    def test_of_a_wheel_that_another_tool_built(self, shot, other, tmp_path, monkeypatch):
        project, name = shot.project, "foreign"
        packl = PacklMaker()(
            tmp_path,
            name,
            version="2.0",
            dependencies=["old-lib>=1"],
            entry_points={"pipl_pipe.config": {"sample": f"{name}:CONFIG"}},
        )
        with monkeypatch.context() as patch:
            builder = tmp_path / "plain.py"
            builder.write_text(
                "import sys\nfrom hatchling.build import build_wheel\nprint(build_wheel(sys.argv[1]))\n"
            )
            patch.setattr("pipl_core.building._BUILDER", str(builder))
            PacklMaker().publish(packl, project)
        taken = take_up(other, Requirement(name))
        assert Packl(taken.folder).metadata == {**packl.metadata, "readme": "README.md"}
        assert (taken.folder / "README.md").read_bytes() == (
            packl.folder / "README.md"
        ).read_bytes()
        assert other.installed()["foreign"] == "2.0"
