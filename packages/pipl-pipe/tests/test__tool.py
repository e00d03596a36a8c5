from __future__ import annotations

import json
import sys

import pytest

from pipl_pipe import _tool


@pytest.mark.parametrize("kind", ["task", "product"])
def test_commands_are_carried_out_by_the_tool_that_made_the_environment(
    environment, tmp_path, monkeypatch, kind
):
    heard = tmp_path / "heard.json"
    code = f"import json, sys; json.dump(sys.argv[1:], open({str(heard)!r}, 'w')); sys.exit(4)"
    environment.set_up({}, tool=[sys.executable, "-c", code])
    monkeypatch.setattr(sys, "argv", [f"create_{kind}", "sh010 anim", "--flag"])
    assert getattr(_tool, f"create_{kind}")() == 4
    assert json.loads(heard.read_text()) == [kind, "create", "sh010 anim", "--flag"]


def test_outside_of_a_workspace_they_say_so(environment, capsys):
    (environment.prefix / "pipl.json").unlink()
    assert _tool.create_task() == 1
    assert "This is not the environment of a workspace." in capsys.readouterr().err


def test_in_a_clean_environment_they_say_so(environment, capsys):
    environment.set_up({}, tool=[])
    assert _tool.create_task() == 1
    assert capsys.readouterr().err == (
        "This is a clean environment, in which nothing is edited.\n"
        "Work in a workspace: `pipl work create NAME`.\n"
    )
