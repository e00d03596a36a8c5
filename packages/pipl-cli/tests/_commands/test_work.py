"""`pipl work …` in a real workspace."""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.slow


def test_lists_workspaces_and_what_is_in_one(pipl, project, workspace):
    result = pipl("work", "list", "--all")
    header, *rows = result.out.splitlines()  # other tests of this session have a workspace, too
    assert header == "WORKSPACE  PACKLS IN EDITION  FOLDER"
    assert "lab        -                  <project>/workspaces/lab" in rows
    result = pipl("work", "list")
    assert result.err == "lab at <project>/workspaces/lab\n"
    names = [line.split()[0] for line in result.out.splitlines()]
    assert names[0] == "INSTALLED"
    assert {"pipl-assetstore", "pipl-envset", "pipl-hooks", "pipl-pipe", "pluggy"} <= set(names)
    data = json.loads(pipl("work", "list", "--json").out)
    # Other tests may have installed more there.
    assert data["requirements"][:3] == ["pipl-pipe", "pipl-assetstore", "pipl-envset"]
    status = json.loads(pipl("work", "status", "--json").out)
    assert {packl["name"] for packl in status} == {
        "pipl-assetstore",
        "pipl-envset",
        "pipl-hooks",
        "pipl-pipe",
    }
    assert not any(packl["newer"] or packl["edited"] for packl in status)


def test_names_that_do_not_go(pipl, workspace, project):
    assert pipl("work", "create", "lab", "-p", str(project.folder)).err.startswith(
        "Making the workspace lab\nerror: <project>/workspaces/lab exists already.\n"
    )
    assert pipl("work", "create", "../x").status == 1
    result = pipl("work", "create", "old", "--python", "2.1")
    assert result.status == 1
    assert "could not be made with Python '2.1'" in result.err
    assert not (project.workarea / "old").exists()


def test_without_a_server_says_so_at_once(pipl, silent):
    before = time.monotonic()
    result = pipl("work", "create", "lab")
    assert (result.status, result.out) == (1, "")
    assert result.err.endswith(
        "hint: Does the project's server run? `pipl proj status` tells; "
        "`pipl proj start` starts it.\n"
    )
    assert not (silent.workarea / "lab").exists()
    # uv's retries alone would take six seconds.
    assert time.monotonic() - before < 5


def test_makes_a_workarea(pipl, project, tmp_path):
    area = tmp_path / "area"
    pipl.names[str(tmp_path)] = "<here>"
    result = pipl("work", "create-area", str(area))
    assert (result.status, result.out) == (0, "<here>/area\n")
    assert pipl("proj", "list-stages", "-p", str(area)).status == 0
    assert pipl("work", "create-area", str(area)).status == 1


def test_installs(pipl, workspace):
    result = pipl("work", "install", "pipl-hooks")
    assert (result.status, result.out) == (0, "")
    assert result.err.endswith("No version changed.\n")
    result = pipl("work", "install", "pipl-hooks>99")
    assert result.status == 1
    assert result.err.startswith(
        "Installing pipl-hooks>99\nerror: You ask for pipl-hooks>99, but every version of pipl-"
    )
    result = pipl("work", "install", "not a name")
    assert result.status == 1
    assert "error: 'not a name' is no requirement.\n" in result.err
    assert pipl("work", "sync").err == (
        "Bringing lab up to date\nInstalling\nNo version changed.\n"
    )


def test_makes_an_environment_anew_that_is_gone(pipl, workspace):
    packls = json.loads(pipl("work", "list", "--json").out)["packls"]
    shutil.rmtree(workspace.environment.folder)
    result = pipl("work", "sync")
    assert (result.status, result.out) == (0, "")
    assert result.err == (
        "Bringing lab up to date\nMaking the environment\nInstalling\n"
        + "".join(f"+ {packl['name']} {packl['version']}\n" for packl in packls)
    )


def test_stays_as_of_a_day(pipl, project):
    # The end of this second, in which pipl's own packls may just have been released.
    now = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="seconds")
    moment = now.replace("+00:00", "Z")
    told = f"day installs as of {moment}; `pipl work sync --at now` takes the newest again.\n"
    result = pipl("work", "create", "day", "--at", now)
    assert (result.status, result.out) == (0, "<project>/workspaces/day\n")
    assert told + "Made the workspace day." in result.err
    day = str(project.workarea / "day")
    result = pipl("work", "list", "-p", day)
    assert result.err == "day at <project>/workspaces/day\n" + told
    assert json.loads(pipl("work", "list", "-p", day, "--json").out)["at"] == moment
    assert pipl("work", "status", "-p", day).err == told
    assert pipl("work", "install", "pluggy", "-p", day).err.endswith("No version changed.\n" + told)
    result = pipl("work", "sync", "--at", "2001-01-01", "-p", day)
    assert result.status == 1
    assert "hint: Only what had been released by then counts" in result.err
    result = pipl("work", "install", "pluggy", "--at", "now", "-p", day)
    assert (result.status, result.err) == (0, "Installing pluggy\nNo version changed.\n")
    assert json.loads(pipl("work", "list", "-p", day, "--json").out)["at"] is None
    result = pipl("work", "sync", "--at", "tomorrow", "-p", day)
    assert result.status == 1
    assert "error: 'tomorrow' is no day and no time.\n" in result.err
    shutil.rmtree(day)


def test_programs_hand_their_status_on(pipl, workspace):
    code = "import os, sys; print(os.environ['PIPL_WORKSPACE'], sys.prefix); sys.exit(7)"
    result = pipl("work", "py", "-c", code)
    folder = "<project>/workspaces/lab"
    assert (result.status, result.out) == (7, f"{folder} {folder}/.venv\n")
    result = pipl("work", "run", "--", "python", "-c", code)
    assert result.status == 7
    result = pipl("work", "run", "--", "no-such-command")
    assert (result.status, result.err) == (
        1,
        (
            "error: There is no command 'no-such-command' in the workspace lab.\n"
            "hint: `pipl task commands` lists those of its task.\n"
        ),
    )
    assert pipl("work", "run").status == 2


@pytest.mark.skipif(os.name == "nt", reason="no bash")
@pytest.mark.parametrize("name", ["bash", "sh"])
def test_opens_a_shell(name, workspace):
    done = subprocess.run(
        [sys.executable, "-m", "pipl_cli", "work", "shell", "--shell", name],
        input='echo "in $VIRTUAL_ENV $PIPL_WORKSPACE"\nexit 5\n',
        cwd=workspace.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    assert f"in {workspace.folder}/.venv {workspace.folder}\n" in done.stdout


def test_no_such_shell(pipl, workspace):
    result = pipl("work", "shell", "--shell", "no-such-shell")
    assert (result.status, result.err) == (
        1,
        (
            "error: There is no shell 'no-such-shell'.\n"
            "hint: Name one that is installed, or leave --shell out.\n"
        ),
    )


def test_what_a_workspace_sets_and_holds(pipl, workspace):
    assert pipl("env", "show").err == "No EnvSet in the workspace lab sets anything.\n"
    shown = json.loads(pipl("env", "show", "--json").out)
    assert sorted(shown.pop("variables")) == ["PATH", "PIPL_WORKSPACE", "VIRTUAL_ENV"]
    assert shown == {"aliases": {}, "tools": {}}
    assert pipl("asset", "list").err == "No packl here has Assets.\n"
    assert pipl("asset", "verify").err == "Reading the Assets\n0 of 0 packls are whole.\n"
    assert pipl("asset", "verify", "hero").err == (
        "error: The workspace lab has no packl 'hero'.\n"
        "hint: Install it: `pipl work install hero`.\n"
    )
    assert pipl("product", "show", "hero").err == (
        "error: The workspace lab has no product 'hero'.\n"
        "hint: It has: none. Install one: `pipl work install NAME`.\n"
    )
