"""Launchers, really started."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipl_envset import Environment, EnvSetError, ShortName, Step, ToolState, Variable
from pipl_envset._launchers import _Windows, launchers
from pipl_envset._scripts import write_scripts

posix = pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind")

PROGRAM = """#!/bin/sh
printf '%s|' "$@"
printf '%s|' "$PIPL_T_ONE" "$PIPL_T_TWO"
exit 7
"""


@pytest.fixture
def pen(tmp_path):
    """A program that prints its arguments and what its launcher gives it, and ends with 7."""
    path = tmp_path / "it's a pen"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return path


@pytest.fixture
def start(environment, tmp_path):
    """A function that writes the launchers of an environment, and starts one."""

    def start(made, name, *arguments, **variables):
        write_scripts(made, tmp_path / "pipl")
        folders = os.pathsep.join([str(tmp_path / "pipl" / "bin"), os.environ["PATH"]])
        done = subprocess.run(
            [str(tmp_path / "pipl" / "bin" / name), *arguments],
            env={"PATH": folders, **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return start


def tool(pen, *arguments, **options):
    commands = {"pen": [str(pen), *arguments]}
    return Environment(tools={"pen": ToolState("pen_env", "", str(pen), "1", commands, **options)})


@posix
class TestTools:
    def test_get_arguments_and_variables_and_give_their_status(self, start, pen):
        variables = {
            "PIPL_T_ONE": Variable([Step("set", "it's $one", "pen_env")]),
            "PIPL_T_TWO": Variable([Step("prepend", "/first", "pen_env")]),
        }
        made = tool(pen, "--quiet", variables=variables)
        answer = start(made, "pen", "a b", "'$x'", "", PIPL_T_TWO="/second")
        assert answer == (7, "--quiet|a b|'$x'||it's $one|/first:/second|", "")

    def test_that_went_away_say_so(self, start, pen):
        made = tool(pen)
        pen.unlink()
        assert start(made, "pen") == (
            1,
            "",
            f"pen: {pen} is there no more.\n`pipl work sync` looks for it again.\n",
        )

    def test_that_are_missing_explain_themselves(self, start):
        state = ToolState("pen_env", commands={"pen": []}, problem="Not found.\n/it's/x: nothing")
        assert start(Environment(tools={"pen": state}), "pen") == (
            1,
            "",
            "pen: Not found.\n/it's/x: nothing\n",
        )

    def test_without_a_program_beside_them_explain_themselves(self, start, pen):
        state = ToolState("pen_env", program=str(pen), version="1", commands={"ink": []})
        assert start(Environment(tools={"pen": state}), "ink") == (
            1,
            "",
            f"ink: pen has no program ink beside {pen}.\n",
        )


def test_a_command_that_would_hide_python_is_an_error(environment):
    folder = environment.prefix / ("Scripts" if sys.platform == "win32" else "bin")
    folder.mkdir()
    (folder / "python").touch()
    state = ToolState("pen_env", commands={"python": []})
    with pytest.raises(EnvSetError) as error:
        launchers(Environment(tools={"pen": state}))
    assert error.value.message == (
        "The command python of the EnvSet pen_env would hide the environment's own."
    )
    assert launchers(Environment(aliases={"python": ShortName("python3", "a")})) == {}


@posix
class TestAliases:
    def test_run_where_no_shell_knows_them(self, start):
        made = Environment(aliases={"say": ShortName("printf '%s|' 'it is'", "a")})
        assert start(made, "say", "a b", "$c") == (0, "it is|a b|$c|", "")

    def test_of_their_own_name_run_the_real_program(self, start, tmp_path, monkeypatch):
        (tmp_path / "bin").mkdir()
        real = tmp_path / "bin" / "say"
        real.write_text('#!/bin/sh\necho real "$@"\n')
        real.chmod(0o755)
        monkeypatch.setenv("PATH", f"{real.parent}{os.pathsep}{os.environ['PATH']}")
        made = Environment(aliases={"say": ShortName("say -x", "a")})
        assert start(made, "say", "y") == (0, "real -x y\n", "")

    def test_of_their_own_name_without_a_program_have_none(self, environment):
        made = Environment(aliases={"no-such-pen": ShortName("no-such-pen -x", "a")})
        assert launchers(made) == {}


@posix
def test_those_of_before_go(start, pen, tmp_path):
    start(tool(pen), "pen")
    assert [path.name for path in (tmp_path / "pipl" / "bin").iterdir()] == ["pen"]
    write_scripts(Environment(), tmp_path / "pipl")
    assert list((tmp_path / "pipl" / "bin").iterdir()) == []


class TestWindows:
    def test_a_tool(self):
        variables = {"A": Variable([Step("set", "100%", "pen_env")])}
        commands = {"pen": [r"C:\Program Files\pen.exe", "-q"]}
        state = ToolState("pen_env", "", r"C:\Program Files\pen.exe", "1", commands, variables)
        assert _Windows().tool("pen", "pen", state).split("\r\n") == [
            "@rem Written by pipl: pen, of pen_env.",
            "@setlocal",
            r'@if not exist "C:\Program Files\pen.exe" (',
            r"@echo pen: C:\Program Files\pen.exe is there no more.>&2",
            "@echo `pipl work sync` looks for it again.>&2",
            "@exit /b 1",
            ")",
            '@set "A=100%%"',
            r'@"C:\Program Files\pen.exe" -q %*',
            "@exit /b %errorlevel%",
            "",
        ]

    def test_a_tool_that_is_missing(self):
        state = ToolState("pen_env", commands={"pen": []}, problem="100% (not) found & <gone>.")
        assert _Windows().tool("pen", "pen", state).split("\r\n") == [
            "@rem Written by pipl: pen, of pen_env.",
            "@setlocal",
            "@echo pen: 100%% ^(not^) found ^& ^<gone^>.>&2",
            "@exit /b 1",
            "",
        ]

    def test_an_alias(self):
        assert _Windows().alias("a", "dir /w") == (
            "@rem Written by pipl: an alias of a.\r\n@dir /w %*\r\n"
        )
