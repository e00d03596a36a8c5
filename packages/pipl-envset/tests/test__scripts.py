"""The scripts are really sourced, by the shells that are installed here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from pipl_envset import Environment, EnvSetError, Variable
from pipl_envset._scripts import RENDERERS, write_scripts

# Bytes that shells like to take for something else.
NASTY = "it's \"quoted\" $HOME `date` \\ back\\'slash !! ~ * ? {a,b} #no %PATH% é漢 \t tab"
LINES = "two\nlines, and a last one\n"
ENVIRONMENT = Environment(
    {
        "PIPL_T_SET": Variable(NASTY),
        "PIPL_T_LINES": Variable(LINES),
        "PIPL_T_EMPTY": Variable(""),
        "PIPL_T_DASH": Variable(before=["-n"], after=["-e x"]),
        "PIPL_T_NEW": Variable(before=["/a b", "/it's"], after=["/z"]),
        "PIPL_T_LIST": Variable(before=["/a"], after=[NASTY]),
        "PIPL_T_BLANK": Variable(before=["/a"]),
        "PIPL_T_WRAPPED": Variable("/m", ["/a"], ["/z"]),
    },
    {"pipl_t_say": "printf %s said"},
)
BEFORE = {
    "PIPL_T_SET": "it was 'this' \\ $x",
    "PIPL_T_LINES": LINES + "old\n\n",
    "PIPL_T_LIST": "/old one:/older",
    "PIPL_T_BLANK": "",
    "PIPL_T_WRAPPED": "gone",
}
DUMP = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
SHELLS = {
    "sh": ("sh", ["-c"], ". {script}", "env.sh"),
    "bash": ("bash", ["--norc", "-c"], "shopt -s expand_aliases; . {script}", "env.sh"),
    "zsh": ("zsh", ["-f", "-c"], ". {script}", "env.sh"),
    "fish": ("fish", ["--no-config", "-c"], "source {script}", "env.fish"),
}


@pytest.fixture(params=SHELLS)
def run(request, tmp_path):
    """A function that runs lines in a shell and returns the environments that they dumped."""
    program, options, source, script = SHELLS[request.param]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")

    def run(*lines, before=None):
        write_scripts(ENVIRONMENT, tmp_path)
        sourced = source.format(script=tmp_path / script)
        text = "\n".join(line.format(source=sourced, dump=DUMP) for line in lines)
        home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [shutil.which(program), *options, text],
            env={**home, **(BEFORE if before is None else before)},
            capture_output=True,
            check=False,
        )
        assert done.stderr.decode() == ""
        assert done.returncode == 0
        return [json.loads(line) for line in done.stdout.splitlines()]

    run.shell = request.param
    return run


def ours(variables):
    return {name: value for name, value in variables.items() if name.startswith("PIPL_T_")}


def expected(before):
    """Return what the scripts are to set; a list keeps an entry as it is, whatever is in it."""
    return ours(ENVIRONMENT.applied_to(before))


class TestSourcing:
    def test_sets_every_variable_byte_for_byte(self, run):
        (inside,) = run("{source}", "{dump}")
        assert ours(inside) == expected(BEFORE)

    def test_sets_every_variable_where_none_was_set(self, run):
        (inside,) = run("{source}", "{dump}", before={})
        assert ours(inside) == expected({})
        assert inside["PIPL_T_NEW"] == "/a b:/it's:/z"

    def test_is_restored_byte_for_byte(self, run):
        _, after = run("{source}", "{dump}", "pipl_env_restore", "{dump}")
        assert ours(after) == BEFORE

    def test_is_restored_to_nothing(self, run):
        _, after = run("{source}", "{dump}", "pipl_env_restore", "{dump}", before={})
        assert ours(after) == {}

    def test_leaves_nothing_of_ours_behind(self, run):
        before, after = run("{dump}", "{source}", "pipl_env_restore", "{dump}")
        for noise in ("_", "SHLVL", "PWD", "OLDPWD"):
            before.pop(noise, None)
            after.pop(noise, None)
        assert after == before

    def test_can_be_done_again(self, run):
        inside, after = run(
            "{source}", "pipl_env_restore", "{source}", "{dump}", "pipl_env_restore", "{dump}"
        )
        assert ours(inside) == expected(BEFORE)
        assert ours(after) == BEFORE

    def test_is_safe_in_a_strict_shell(self, run):
        if run.shell == "fish":
            pytest.skip("fish has no such options")
        _, after = run("set -eu", "{source}", "{dump}", "pipl_env_restore", "{dump}", before={})
        assert ours(after) == {}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_aliases_are_there_until_they_are_restored(shell, tmp_path):
    program, options, source, script = SHELLS[shell]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    write_scripts(ENVIRONMENT, tmp_path)
    # An alias counts from the next line that a shell reads.
    text = f"{source.format(script=tmp_path / script)}\neval pipl_t_say\necho\npipl_env_restore\n"
    text += "type pipl_t_say"
    done = subprocess.run(
        [shutil.which(program), *options, text],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.splitlines()[0] == "said"
    assert done.returncode != 0


class TestWriting:
    def test_writes_a_script_for_each_shell(self, tmp_path):
        folder = tmp_path / "new" / "pipl"
        assert write_scripts(ENVIRONMENT, folder) == [folder / name for name in RENDERERS]
        assert sorted(p.name for p in folder.iterdir()) == sorted(
            ["env.sh", "env.fish", "env.ps1", "env.bat", "env-restore.bat", "env.json"]
        )
        assert Environment.from_text((folder / "env.json").read_text()) == ENVIRONMENT

    def test_replaces_what_was_there(self, tmp_path):
        write_scripts(ENVIRONMENT, tmp_path)
        write_scripts(Environment(), tmp_path)
        assert (tmp_path / "env.sh").read_bytes() == (
            b"# Written by pipl; sourced by activate.\n"
            b"pipl_env_restore () {\n    unset -f pipl_env_restore\n}\n"
        )

    def test_where_it_cannot_is_an_error(self, tmp_path):
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(EnvSetError) as error:
            write_scripts(ENVIRONMENT, tmp_path / "file")
        assert error.value.message == (
            f"The environment's scripts could not be written to {tmp_path / 'file'}."
        )
        assert error.value.context == "File exists"


class TestWindows:
    """What cannot be sourced here is at least as it was meant."""

    SMALL = Environment(
        {"A": Variable("it's 100%"), "P": Variable(before=["x"], after=["y"])}, {"ll": "dir"}
    )

    def test_powershell(self):
        assert RENDERERS["env.ps1"](self.SMALL) == (
            "# Written by pipl; sourced by activate.ps1.\n"
            "$global:_pipl_old = @{}\n"
            "$global:_pipl_old['A'] = $env:A\n"
            "$env:A = 'it''s 100%'\n"
            "$global:_pipl_old['P'] = $env:P\n"
            f"$env:P = (@('x') + @($env:P | Where-Object {{ $_ }}) + @('y')) -join '{os.pathsep}'\n"
            "function global:ll { dir @args }\n"
            "function global:pipl_env_restore {\n"
            "    foreach ($name in $global:_pipl_old.Keys) {\n"
            "        [Environment]::SetEnvironmentVariable("
            '$name, $global:_pipl_old[$name], "Process")\n'
            "    }\n"
            "    Remove-Item -Path function:ll\n"
            "    Remove-Item -Path function:pipl_env_restore\n"
            "}\n"
        )

    def test_batch(self):
        s = os.pathsep
        assert RENDERERS["env.bat"](self.SMALL).split("\r\n") == [
            "@rem Written by pipl; called by activate.bat.",
            '@set "_pipl_old_A=%A%"',
            '@set "A=it\'s 100%%"',
            '@set "_pipl_old_P=%P%"',
            f'@if defined P (set "P=x{s}%P%{s}y") else (set "P=x{s}y")',
            "@doskey ll=dir $*",
            "",
        ]
        assert RENDERERS["env-restore.bat"](self.SMALL).split("\r\n") == [
            "@rem Written by pipl; called by deactivate.bat.",
            '@set "A=%_pipl_old_A%"',
            "@set _pipl_old_A=",
            '@set "P=%_pipl_old_P%"',
            "@set _pipl_old_P=",
            "@doskey ll=",
            "",
        ]
