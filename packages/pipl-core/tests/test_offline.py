"""Work that goes on without the project: its server is down, and its asset store is not mounted."""

from __future__ import annotations

import contextlib
import os
import subprocess

import pytest

from pipl_core import ConflictError, CoreError, NotFoundError, Workspace
from pipl_core.offline import go_offline, go_online, pull
from pipl_core.publishing import plan_publish
from pipl_core.tasks import make
from pipl_hooks import Problem
from pipl_testing import PacklMaker, release_note_types

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

TOOLS = """
import os

from pipl_envset import EnvSet, Prepend
from pipl_pipe import command, services


class Search(EnvSet):
    def changes(self):
        yield Prepend("NOTE_PATH", lambda: str(services.asset_store.products))


ENV = Search(__name__)


@command
def read(task):
    product = services.products.get("offline_note")
    print(product.text.path().read_text(), os.environ["NOTE_PATH"])


@command
def write(task, text):
    with task.draft.edit() as path:
        path.write_text(text)
    print(task.draft.save().revision.partition("+")[0], task.draft.path().read_text())
"""


@pytest.fixture(scope="module")
def packls(running_project, pipl_wheels, tmp_path_factory):
    """Release a Product with an Asset, and a packl with tools that read it."""
    project, packl_maker = running_project, PacklMaker()
    folder = tmp_path_factory.mktemp("packls")
    types = release_note_types(project, folder)
    tools = packl_maker(
        folder,
        "offline_tools",
        files={"src/offline_tools/__init__.py": TOOLS},
        entry_points={
            "pipl_pipe.envset": {"offline_tools": "offline_tools:ENV"},
            "pipl_pipe.task_command": {
                "note.read": "offline_tools:read",
                "write": "offline_tools:write",
            },
        },
    )
    packl_maker.publish(tools, project)
    maker = Workspace.create(project, "offline_maker", requirements=[types])
    packl = make(maker, "product", "offline_note", "note").packl
    code = (
        "from offline_note import PRODUCT\n"
        "with PRODUCT.text.edit() as path:\n    path.write_text('a note')\n"
    )
    assert maker.environment.run_python(["-c", code]).returncode == 0
    plan_publish(packl, maker).execute()
    packl_maker.publish(packl, project)
    return [types, "offline_tools", "offline_note"]


@pytest.fixture
def desk(running_project, packls):
    made = Workspace.create(running_project, "offline_desk", requirements=packls)
    make(made, "task", "offline_shot", "note", shadow=True)
    yield made
    import shutil

    shutil.rmtree(made.folder)


@contextlib.contextmanager
def without(project):
    """Stop a project's server and unmount its asset store, until the end of the block."""
    store = project.folder / "assets"
    project.server.stop()
    store.rename(project.folder / "unmounted")
    try:
        yield
    finally:
        assert not store.exists()
        (project.folder / "unmounted").rename(store)
        project.server.start_detached(handlers=False)


def run(workspace, *command):
    argv, variables, cwd = workspace.launch(command)
    done = subprocess.run(argv, env=variables, cwd=cwd, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_work_goes_on_without_the_project(desk):
    project = desk.project
    near, far = desk.folder / "assets" / "products", project.folder / "assets" / "products"
    assert run(desk, "task-read") == (0, f"a note {far}\n", "")
    assert run(desk, "task-write", "first") == (0, "0.1.0 first\n", "")
    said = []
    pulled = go_offline(desk, said.append)
    assert said == ["text of offline_note (1 of 2)", "draft of offline_shot (2 of 2)"]
    assert [(a["packl"], a["size"], a["copied"]) for a in pulled] == [
        ("offline_note", 6, 6),
        ("offline_shot", 5, 5),
    ]
    assert go_offline(desk) == []
    assert Workspace(desk.folder).offline

    with without(project):
        again = Workspace(desk.folder)
        assert run(again, "task-read") == (0, f"a note {near}\n", "")
        assert run(again, "offline_shot-read") == (0, f"a note {near}\n", "")
        assert run(again, "task-write", "on a train") == (0, "0.1.0 on a train\n", "")
        # The project's folder is not even looked at, where a shell is active.
        shell = {"PATH": os.environ["PATH"], "HOME": str(desk.folder)}
        script = f". '{desk.folder}/.venv/bin/activate'; cd /; task-read"
        done = subprocess.run(
            ["sh", "-c", script], env=shell, check=True, capture_output=True, text=True
        )
        assert done.stdout == f"a note {near}\n"
        code = "from offline_note import PRODUCT; print(PRODUCT.text.location)"
        location = run(again, "python", "-c", code)[1].strip()
        assert (near / location).read_text() == "a note"

    (packl,) = desk.packls
    plan = plan_publish(packl, desk)
    assert plan.problems[0] == Problem(
        "The workspace offline_desk is offline.", "Take it back first: `pipl work online`."
    )
    with pytest.raises(ConflictError, match="offline_desk is offline"):
        pull(desk)
    # What was saved meanwhile comes along, though nobody has the edited file any more.
    (desk.work / "offline_shot" / "draft" / "offline_shot_draft").unlink()
    given = go_online(desk)
    assert [(a["packl"], a["name"], a["copied"]) for a in given] == [("offline_shot", "draft", 10)]
    assert go_online(desk) == []
    assert not Workspace(desk.folder).offline
    assert run(desk, "task-read") == (0, f"a note {far}\n", "")
    assert plan_publish(packl, desk).execute().version == "0.1.0"
    assert packl.references["draft"].size == len("on a train")
    assert desk.environment.ask("verify", "offline_shot") == []


def test_what_is_here_is_not_copied_again(desk):
    (pulled,) = pull(desk, ["Offline.Note"])
    assert (pulled["copied"], pull(desk)[0]["copied"]) == (6, 0)
    with pytest.raises(NotFoundError) as error:
        pull(desk, ["hero"])
    assert error.value.message == "The workspace offline_desk has no packl 'hero'."


def test_what_cannot_be_copied_leaves_the_workspace_online(desk):
    marker = (desk.folder / "workspace.toml").read_bytes()
    store = desk.project.folder / "assets"
    store.rename(desk.project.folder / "unmounted")
    try:
        with pytest.raises(CoreError, match="has no object"):
            go_offline(desk)
    finally:
        (desk.project.folder / "unmounted").rename(store)
    assert (desk.folder / "workspace.toml").read_bytes() == marker
    assert not Workspace(desk.folder).offline


def test_envsets_that_do_not_go_together_change_nothing(desk, monkeypatch):
    marker = (desk.folder / "workspace.toml").read_bytes()
    real = type(desk.environment).refresh

    def refuse(environment):
        if environment.offline:
            msg = "The environment settings of this workspace do not go together."
            raise CoreError(msg)
        real(environment)

    monkeypatch.setattr(type(desk.environment), "refresh", refuse)
    with pytest.raises(CoreError, match="do not go together"):
        go_offline(desk)
    assert (desk.folder / "workspace.toml").read_bytes() == marker
    assert (desk.offline, Workspace(desk.folder).offline) == (False, False)
