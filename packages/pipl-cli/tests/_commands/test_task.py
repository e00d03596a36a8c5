"""`pipl task …`, and the same commands typed inside the workspace."""

import json

import pytest

pytestmark = pytest.mark.slow

INFO = "Show what the task is about, its Assets and the Products that it depends on."


def test_makes_a_task_once(pipl, at_desk):
    words = ("task", "create", "sh010", "note", "-e", "sequence=sq010", "-e", "shot=sh010")
    made = pipl(*words)
    assert (made.status, made.out) == (0, "<project>/workspaces/desk/packls/sh010\n")
    assert made.err == (
        "Making the task sh010\nMaking the packl sh010\nInstalling sh010\n"
        "sh010 is a task of the type note.\nIts commands: sh010-info, sh010-build.\n"
    )
    folder = at_desk.folder / "packls" / "sh010"
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = pipl(*words)
    assert (again.status, again.out) == (0, made.out)
    assert again.err == (
        "Making the task sh010\nsh010 was that task already.\n"
        "Its commands: sh010-info, sh010-build.\n"
    )
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files

    assert pipl("task", "list").out == (
        "TASK   TYPE  VERSION  ENTITY                     WORKSPACE\n"
        "sh010  note  0.1.0    sequence=sq010 shot=sh010  desk\n"
    )
    assert json.loads(pipl("task", "list", "--json").out) == [
        {
            "name": "sh010",
            "type": "note",
            "version": "0.1.0",
            "entity": {"sequence": "sq010", "shot": "sh010"},
            "workspace": "desk",
            "folder": "<project>/workspaces/desk/packls/sh010",
        }
    ]
    assert pipl("task", "commands").out == (
        "COMMAND      PLAIN       PACKL  DOES\n"
        f"sh010-info   task-info   -      {INFO}\n"
        "sh010-build  task-build  -      Write a draft.\n"
    )
    assert json.loads(pipl("task", "commands", "--json").out) == {
        "task": "sh010",
        "commands": [
            {"command": "sh010-info", "plain": "task-info", "packl": "", "help": INFO},
            {
                "command": "sh010-build",
                "plain": "task-build",
                "packl": "",
                "help": "Write a draft.",
            },
        ],
    }


def test_is_typed_in_the_workspace_too(pipl, at_desk):
    made = pipl("work", "run", "--", "create_task", "sh010", "note", "-e", "shot=sh010")
    assert (made.status, made.out) == (0, "<project>/workspaces/desk/packls/sh010\n")
    assert made.err.endswith(
        "sh010 is a task of the type note.\nIts commands: sh010-info, sh010-build.\n"
    )
    assert at_desk.packls[0].info.entity == {"shot": "sh010"}
    made = pipl("work", "run", "--", "create_product", "char_hero", "note")
    assert made.err.endswith("char_hero is a product of the type note.\n")
    refused = pipl("work", "run", "--", "create_task", "sh020", "note")
    assert refused.status == 1
    assert "error: The workspace desk has a task already: sh010.\n" in refused.err
    assert pipl("work", "run", "--", "create_task", "sh020").status == 2


def test_what_makes_no_sense(pipl, at_desk):
    unknown = pipl("task", "create", "song", "singing")
    assert unknown.status == 1
    assert unknown.err == (
        "Making the task song\n"
        "error: No packl in this environment gives the task type 'singing'.\n"
        "  There are: note, task.\n"
        "hint: Check the spelling, or `pipl work install` the packl that gives 'singing'.\n"
    )
    for entity in ("nope", "=x", "x="):
        wrong = pipl("task", "create", "song", "note", "-e", entity)
        assert wrong.status == 2
        assert f"Invalid value for '-e' / '--entity': {entity!r} is not KEY=VALUE." in wrong.err
    assert pipl("task", "create", "1x", "note").status == 1
    assert pipl("task", "create", "song").status == 2
    assert at_desk.packls == []
    assert pipl("task", "commands").err == (
        "error: This environment has no Task.\nhint: Make one with `create_task NAME TYPE`.\n"
    )
    assert pipl("task", "list").err == (
        "There are no tasks. Make one in a workspace: `pipl task create NAME TYPE`.\n"
    )
    assert json.loads(pipl("task", "list", "--json").out) == []
