"""Released tasks made again, packls taken back into edition, and workspaces without the project."""

import json
import shutil

import pytest

from pipl_core import Packl
from pipl_testing import PacklMaker

pytestmark = pytest.mark.slow

SHOT = "again_sh"


@pytest.fixture
def shot(pipl, project, at_desk):
    """A released task, whose Asset holds `hello`."""
    with_client = project.client()
    try:
        if with_client.releases("root/PROJ", SHOT):
            return SHOT
    finally:
        with_client.close()
    assert pipl("task", "create", SHOT, "note").status == 0
    assert pipl("work", "run", "--", "task-build").status == 0
    assert pipl("packl", "publish").status == 0
    PacklMaker().publish(Packl(at_desk.folder / "packls" / SHOT), project)
    return SHOT


@pytest.fixture
def elsewhere(pipl, project, shot, monkeypatch):
    """The folder of the task's own workspace, as the current one."""
    monkeypatch.chdir(project.folder)
    made = pipl("work", "create", "--task", f"{SHOT}==0.1.0", "--locked")
    assert (made.status, made.out) == (0, "<project>/workspaces/again_sh\n")
    assert made.err == (
        "Making the workspace\n"
        "Fetching again_sh==0.1.0\n"
        "Looking for the files of its lock\n"
        "Making the environment\n"
        "Installing the lock of again_sh==0.1.0\n"
        "Made the workspace again_sh. Enter it: cd <project>/workspaces/again_sh; pipl work shell\n"
    )
    folder = project.workarea / SHOT
    monkeypatch.chdir(folder)
    yield folder
    monkeypatch.chdir(project.folder)
    shutil.rmtree(folder)


def test_a_released_task_is_made_again_and_taken_into_edition(pipl, project, elsewhere):
    listed = json.loads(pipl("work", "list", "--json").out)
    assert (listed["locked"], listed["offline"]) == (True, False)
    assert listed["requirements"] == ["again_sh==0.1.0"]
    assert pipl("work", "run", "--", "task-info").out.startswith("again_sh 0.1.0 (note)\n")

    taken = pipl("work", "edit", "again-sh")
    assert (taken.status, taken.out) == (0, "<project>/workspaces/again_sh/packls/again_sh\n")
    assert taken.err == (
        "Taking again-sh into edition\nFetching again-sh\nInstalling again_sh\n"
        "again_sh 0.1.0 is in edition.\n"
        "Move its version on before you publish: `pipl packl bump patch COMMENT`.\n"
    )
    assert pipl("packl", "bump", "patch", "goes on").out == "0.1.1\n"
    actions = [edit["action"] for edit in json.loads(pipl("packl", "log", "--json").out)]
    assert actions == ["bump", "create_task", "create"]
    again = pipl("work", "edit", "again_sh")
    assert (again.status, again.out) == (1, "")
    assert again.err == (
        "Taking again_sh into edition\n"
        "error: The workspace again_sh has again_sh 0.1.1 in edition already.\n"
        "hint: It is at <project>/workspaces/again_sh/packls/again_sh.\n"
    )


def test_what_cannot_be_made_again(pipl, project, shot, monkeypatch):
    monkeypatch.chdir(project.folder)
    missing = pipl("work", "create", "--task", f"{SHOT}>7")
    assert (missing.status, missing.out) == (1, "")
    assert missing.err == (
        "Making the workspace\nFetching again_sh>7\n"
        "error: again_sh>7 has not been released in MyProject.\n"
        "  Released versions of it: 0.1.0.\n"
        "hint: Check name and versions: `pipl proj index list root/PROJ` lists what there is.\n"
    )
    code = pipl("work", "create", "--task", "note_types")
    assert code.err.endswith(
        "error: note_types 0.1.0 is no task.\n  Its kind is code.\n"
        "hint: Make a workspace with it: `pipl work create NAME note_types`.\n"
    )
    for words in ((), ("x", "--locked"), ("x", "y", "--task", "z", "--locked")):
        assert pipl("work", "create", *words).status == 2
    wrong = pipl("work", "create", "--task", "a b").err
    assert wrong.startswith("error: 'a b' is no requirement.\n  ")
    assert wrong.endswith('hint: For example: "char_hero_rig>=2,<3".\n')
    assert not (project.workarea / SHOT).exists()


def test_a_workspace_goes_offline_and_back(pipl, project, elsewhere):
    place = "<project>/workspaces/again_sh/assets"
    path = f"{place}/products/again_sh/0.1.0/draft/again_sh_draft"
    pulled = pipl("asset", "pull")
    assert (pulled.status, pulled.err) == (
        0,
        "Pulling the Assets\nPulling draft of again_sh (1 of 1)\n",
    )
    assert pulled.out == (
        "PACKL     ASSET  REVISION  BYTES  COPIED  PATH\n"
        f"again_sh  draft  0.1.0     5      5       {path}\n"
    )
    assert json.loads(pipl("asset", "pull", "again_sh", "--json").out)[0]["copied"] == 0
    assert pipl("asset", "pull", "hero").err == (
        "Pulling the Assets\nerror: The workspace again_sh has no packl 'hero'.\n"
        "hint: Install it: `pipl work install hero`.\n"
    )
    away = pipl("work", "offline")
    assert (away.status, away.out) == (0, "")
    assert away.err == (
        "Pulling the Assets\nPulling draft of again_sh (1 of 1)\n"
        "1 Asset with 5 bytes is here; 0 bytes are new.\n"
        "again_sh is offline. Shells that were open need to be opened again.\n"
    )
    assert pipl("work", "offline").err == "again_sh is offline already.\n"
    offline = "again_sh is offline: its Assets are beside it.\n"
    assert pipl("work", "status").err.startswith(offline)
    refused = pipl("asset", "pull")
    assert refused.err == (
        "Pulling the Assets\nerror: The workspace again_sh is offline.\n"
        "hint: Take it back first: `pipl work online`.\n"
    )
    project.server.stop()
    try:
        status = pipl("work", "status")
        assert (status.status, status.out.splitlines()[0].split()) == (
            0,
            ["INSTALLED", "VERSION", "EDITED"],
        )
        assert status.err == (
            f"{offline}No server answers, so what is newer is not known.\n"
            "again_sh at <project>/workspaces/again_sh\n"
        )
        assert json.loads(pipl("work", "status", "--json").out)["offline"] is True
        read = pipl("work", "py", "-c", "from again_sh import TASK; print(TASK.draft.path())")
        assert read.out == f"{path}\n"
    finally:
        project.server.start_detached(handlers=False)
    back = pipl("work", "offline", "--undo")
    assert back.err == (
        "Going online\nagain_sh is online. Shells that were open need to be opened again.\n"
        f"Its own Assets stay at {place}; remove that folder to get the space back.\n"
    )
    assert pipl("work", "online").err == "again_sh is online already.\n"
