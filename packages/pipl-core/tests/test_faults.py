"""A disk that is full, or that forbids, at any moment: one error, and everything is as it was."""

from __future__ import annotations

import errno
import os
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipl_core import CoreError, Packl, Project, Workspace, _files, create_workarea
from pipl_core.dependencies import add_dependency, remove_dependency
from pipl_core.environments import VirtualEnvironment
from pipl_core.publishing import PublishPlan
from pipl_core.tasks import make
from pipl_hooks import AssetReference, PacklInfo

pytestmark = pytest.mark.needs_tools

TYPE = {
    "type": "note",
    "target": "note_types:NoteTask",
    "type_packl": "note-types",
    "type_version": "1.0",
    "commands": [{"name": "build", "program": "build.main", "help": ""}],
    "assets": ["text"],
}
REFERENCE = AssetReference("text", "file", "0.1.0", "sha256:" + "0" * 64, 1, 1)


@pytest.fixture
def desk(fresh_project, throw_away_packl, monkeypatch):
    """A workspace with a packl and a task, in whose environment nothing really happens."""
    folder = fresh_project.workarea / "desk"
    (folder / "packls").mkdir(parents=True)
    (folder / "workspace.toml").write_text(
        'format = 1\nname = "desk"\nproject = "../.."\npython = ""\ninstall = []\n'
    )
    workspace = Workspace(folder)
    throw_away_packl(workspace, "studio_rig", dependencies=["tail>=1"])
    throw_away_packl(workspace, "studio_task", info=PacklInfo("task", "note"))
    answers = {"describe": TYPE, "save": [asdict(REFERENCE)]}
    monkeypatch.setattr(VirtualEnvironment, "ask", lambda _, verb, *__: answers[verb])
    monkeypatch.setattr(VirtualEnvironment, "create", lambda *_, **__: None)
    monkeypatch.setattr(VirtualEnvironment, "install", lambda *_, **__: "")
    monkeypatch.setattr(VirtualEnvironment, "install_edited", lambda *_: None)
    monkeypatch.setattr(VirtualEnvironment, "uninstall", lambda *_: "")
    monkeypatch.setattr(VirtualEnvironment, "refresh", lambda _: None)
    monkeypatch.setattr(Workspace, "install", lambda *_, **__: "")
    monkeypatch.setattr(Workspace, "installed", lambda _: {"neck": "1.2.0", "studio-task": "1"})
    monkeypatch.setattr("pipl_core.publishing.lock_text", lambda *_: "a lock")
    monkeypatch.setattr("pipl_core.tasks._is_installed", lambda *_: True)
    return workspace


ACTIONS = {
    "proj create": lambda desk: Project.create(desk.folder / "a" / "b" / "Show", port=3141),
    "work create-area": lambda desk: create_workarea(desk.project, desk.folder / "x" / "area"),
    "work create": lambda desk: Workspace.create(desk.project, "other"),
    "packl create": lambda desk: Packl.create(desk, "studio_new", shadow=True),
    "packl bump": lambda desk: Packl.find(desk.folder, "studio_rig").bump("minor", "why"),
    "packl add": lambda desk: add_dependency(
        Packl.find(desk.folder, "studio_rig"), desk, "neck", "", "why"
    ),
    "packl remove": lambda desk: remove_dependency(
        Packl.find(desk.folder, "studio_rig"), desk, "tail"
    ),
    "task create": lambda desk: make(desk, "task", "studio_task", "note", {"shot": "sh010"}),
    "product create": lambda desk: make(desk, "product", "studio_hero", "note", shadow=True),
    "packl publish": lambda desk: PublishPlan(
        Packl.find(desk.folder, "studio_task"), desk, "root/submitted"
    )._write_data(lambda _: None),
}


def state(project):
    """All folders and files of a project, but for locks, which mean nothing when nobody has them."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in project.folder.rglob("*")
        if path.name != ".lock"
    }


class Disk:
    """Fails at one of the steps by which anything is written."""

    def __init__(self, monkeypatch, number, code):
        self.left, self.code = number, code
        self.steps = []
        staged, replace, mkdir = _files._staged, Path.replace, Path.mkdir
        self.patch(monkeypatch, _files, "_staged", staged)
        self.patch(monkeypatch, Path, "replace", replace)
        self.patch(monkeypatch, Path, "mkdir", mkdir)

    def patch(self, monkeypatch, owner, name, function):
        def step(*arguments, **options):
            if name == "mkdir" and arguments[0].is_dir():  # nothing is written
                return function(*arguments, **options)
            self.left -= 1
            self.steps.append(name)
            if self.left == 0:
                raise OSError(self.code, os.strerror(self.code), str(arguments[0]))
            return function(*arguments, **options)

        monkeypatch.setattr(owner, name, step)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("name", ACTIONS)
def test_whatever_fails_leaves_everything_as_it_was(name, code, desk, monkeypatch):
    before = state(desk.project)
    for number in range(1, 100):
        with monkeypatch.context() as patch:
            disk = Disk(patch, number, code)
            failure = None
            try:
                ACTIONS[name](desk)
            except CoreError as error:
                failure = error
        if failure is None:
            break
        assert os.strerror(code) in failure.context
        assert state(desk.project) == before, (number, disk.steps)
    assert number > 2, "nothing was written"
    assert disk.left > 0  # no step failed that time, so all were tried
    assert state(desk.project) != before


def test_text_that_is_no_utf_8_leaves_everything_as_it_was(desk):
    before = state(desk.project)
    packl = Packl.find(desk.folder, "studio_rig")
    with pytest.raises(CoreError, match="could not be written"):
        packl.bump("minor", "\udcff")
    with pytest.raises(CoreError, match="could not be written"):
        create_workarea(SimpleNamespace(folder="\udcff", system=desk.folder), desk.folder / "x")
    assert state(desk.project) == before
