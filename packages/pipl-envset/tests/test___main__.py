from __future__ import annotations

import sys

import pytest

from pipl_envset import Environment, Variable
from pipl_envset.__main__ import main

CODE = "from pipl_envset import EnvSet, Set\n\nclass Some(EnvSet):\n    def changes(self):\n"
CODE += "        return [Set('PIPL_T_X', '{value}')]\n\nENV = Some(__name__)\n"


def install(environment, name, value):
    points = {"pipl_pipe.envset": {name: f"{name}:ENV"}}
    environment.install(name, CODE.format(value=value), entry_points=points)


@pytest.fixture
def write(monkeypatch, tmp_path):
    def write():
        monkeypatch.setattr(sys, "argv", ["pipl_envset", "write", str(tmp_path / "out")])
        return main()

    return write


def test_the_scripts_of_the_environment_are_written(environment, write, tmp_path):
    install(environment, "a", "1")
    assert write() == 0
    text = (tmp_path / "out" / "env.json").read_text(encoding="utf-8")
    assert Environment.from_text(text).variables == {"PIPL_T_X": Variable("1", packls=["a"])}


def test_envsets_that_do_not_go_together_are_an_error(environment, write, tmp_path, capsys):
    install(environment, "a", "1")
    install(environment, "b", "2")
    assert write() == 1
    assert capsys.readouterr().err == (
        "Two EnvSets set PIPL_T_X differently: a and b.\n'1' and '2'.\n"
        "Remove one of them from the workspace.\n"
    )
    assert not (tmp_path / "out").exists()
