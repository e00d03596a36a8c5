from __future__ import annotations

import io
import sys

import pytest

from pipl_envset import Environment, Step, Variable
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
    assert Environment.from_text(text).variables == {"PIPL_T_X": Variable([Step("set", "1", "a")])}


def test_envsets_that_do_not_go_together_are_an_error(environment, write, tmp_path, capsys):
    install(environment, "a", "1")
    install(environment, "b", "2")
    assert write() == 1
    assert capsys.readouterr().err == (
        "Two EnvSets set PIPL_T_X differently: a and b.\n'1' and '2'.\n"
        "Remove one of them from the workspace.\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.fixture
def export(monkeypatch, capsysbinary):
    def export(name, environment):
        monkeypatch.setattr(sys, "argv", ["pipl_envset", "export", name])
        given = io.TextIOWrapper(io.BytesIO(environment.to_text().encode()))
        monkeypatch.setattr(sys, "stdin", given)
        status = main()
        out, err = capsysbinary.readouterr()
        return status, out.decode("utf-8", "surrogateescape"), err.decode()

    return export


def test_an_environment_is_exported(environment, export):
    given = Environment({"A": Variable([Step("set", "it's\n\udce9", "a")])})
    assert export("zsh", given) == (0, "export A='it'\\''s\n\udce9'\n", "")
    assert export("json", given) == (0, '{\n  "A": "it\'s\\n\\udce9"\n}\n', "")


def test_a_format_that_nobody_gives_is_an_error(environment, export):
    assert export("nu", Environment()) == (
        1,
        "",
        (
            "There is no format 'nu'.\nThere are: bash, zsh, fish, powershell, cmd, json.\n"
            "A packl in the workspace can give it, with the hook pipl_environment_format.\n"
        ),
    )


NU = """
from pipl_hooks import hookimpl


class Nu:
    def script(self, environment):
        return "".join(f"$env.{name} = {var.applied_to(None)!r}\\n"
                       for name, var in environment.variables.items())

    def activation(self, environment):
        return {}


@hookimpl
def pipl_environment_format(name):
    return Nu() if name in ("nu", "bash") else None
"""


def test_a_packl_adds_a_format_and_takes_the_place_of_ours(environment, export):
    environment.install("nu_env", NU, entry_points={"pipl": {"nu": "nu_env"}})
    given = Environment({"A": Variable([Step("set", "1", "a")])})
    assert export("nu", given) == (0, "$env.A = '1'\n", "")
    assert export("bash", given) == (0, "$env.A = '1'\n", "")
    assert export("zsh", given) == (0, "export A='1'\n", "")
