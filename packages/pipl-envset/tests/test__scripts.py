"""The scripts are really sourced, by the shells that are installed here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from pipl_envset import Environment, EnvSetError, ShortName, Step, Variable
from pipl_envset._formats import ACTIVATION, FORMATS
from pipl_envset._scripts import write_scripts

# Bytes that shells like to take for something else.
NASTY = "it's \"quoted\" $HOME `date` \\ back\\'slash !! ~ * ? [a] {a,b} #no %PATH% é漢🎨 \t tab"
LINES = "two\nlines, and a last one\n"
LONG = "/long/" * 20_000


def variable(value=None, before=(), after=()):
    """Return a variable: entries `before` are those in front, the first one first."""
    done = [] if value is None else [Step("set", value, "p")]
    done += [Step("prepend", entry, "p") for entry in reversed(before)]
    return Variable(done + [Step("append", entry, "p") for entry in after])


ENVIRONMENT = Environment(
    {
        "PIPL_T_SET": variable(NASTY),
        "PIPL_T_LINES": variable(LINES),
        "PIPL_T_EMPTY": variable(""),
        "PIPL_T_SPACE": variable(" \t\n"),
        "PIPL_T_LONG": variable(LONG),
        "PIPL_T_DASH": variable(before=["-n"], after=["-e x"]),
        "PIPL_T_NEW": variable(before=["/a b", "/it's"], after=["/z"]),
        "PIPL_T_LIST": variable(before=["/a"], after=[NASTY]),
        "PIPL_T_LIST_LINES": variable(before=["/a\nb\n"], after=["\n\n"]),
        "PIPL_T_PATH": variable(before=["/a"], after=["/z\n"]),
        "PIPL_T_BLANK": variable(before=["/a"]),
        "PIPL_T_WRAPPED": variable("/m", ["/a"], ["/z"]),
    },
    {"pipl_t_say": ShortName("printf %s said", "p")},
)
BEFORE = {
    "PIPL_T_SET": "it was 'this' \\ $x",
    "PIPL_T_LINES": LINES + "old\n\n",
    "PIPL_T_LONG": "was " + LONG,
    "PIPL_T_LIST": "/old one:/older",
    "PIPL_T_LIST_LINES": "/old\n\none:/it's\n",
    "PIPL_T_PATH": "/old one::/older\n:",
    "PIPL_T_BLANK": "",
    "PIPL_T_WRAPPED": "gone",
}
PYTHON = sys.executable
DUMP = f"{PYTHON} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
SHELLS = {
    "sh": ("sh", ["-c"], ". {script}", "env.sh"),
    "dash": ("dash", ["-c"], ". {script}", "env.sh"),
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

    @pytest.mark.parametrize("before", [{}, BEFORE])
    def test_is_safe_in_a_strict_shell(self, run, before):
        if run.shell == "fish":
            pytest.skip("fish has no such options")
        lines = ("set -eu", "{source}", "{dump}", "pipl_env_restore", "{dump}")
        inside, after = run(*lines, before=before)
        assert ours(inside) == expected(before)
        assert ours(after) == before

    def test_is_restored_to_what_no_process_saw(self, run):
        keep = "set -g PIPL_T_SET kept" if run.shell == "fish" else "PIPL_T_SET=kept"
        show = f"{PYTHON} -c 'import json, sys; print(json.dumps({{{{\"was\": sys.argv[1]}}}}))'"
        show += ' "$PIPL_T_SET"'
        lines = (keep, "{source}", "{dump}", "pipl_env_restore", "{dump}", show)
        inside, after, shown = run(*lines, before={})
        assert inside["PIPL_T_SET"] == NASTY
        assert "PIPL_T_SET" not in after
        assert shown == {"was": "kept"}


# An alias counts from the next line that a shell reads.
SAY = "eval pipl_t_say\necho\n"


@pytest.fixture(params=["dash", "bash", "zsh", "fish"])
def talk(request, tmp_path):
    """A function that runs lines in a shell, and returns what was said and the exit status."""
    program, options, source, script = SHELLS[request.param]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    write_scripts(ENVIRONMENT, tmp_path)

    def talk(text):
        text = text.replace("SOURCE\n", f"{source.format(script=tmp_path / script)}\n")
        done = subprocess.run(
            [shutil.which(program), *options, text],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout.splitlines(), done.returncode

    return talk


class TestAliases:
    def test_are_there_until_they_are_restored(self, talk):
        said, status = talk(f"SOURCE\n{SAY}pipl_env_restore\ntype pipl_t_say")
        assert said[0] == "said"
        assert status != 0

    @pytest.mark.parametrize("again", ["", "SOURCE\npipl_env_restore\n"])
    def test_are_restored_to_those_that_were_there(self, talk, again):
        before = "alias pipl_t_say=\"echo 'it was' this\""
        said, _ = talk(f"{before}\nSOURCE\n{SAY}pipl_env_restore\n{again}{SAY}")
        assert said[:2] == ["said", "it was this"]


class TestExporting:
    def test_does_the_same_without_a_way_back(self, run, tmp_path):
        script = tmp_path / "exported"
        name = "bash" if run.shell in {"sh", "dash"} else run.shell
        script.write_text(FORMATS[name].script(ENVIRONMENT), encoding="utf-8")
        source = "source" if name == "fish" else "."
        (inside,) = run(f"{source} {script}", "{dump}")
        assert ours(inside) == expected(BEFORE)

    def test_as_json_has_the_values_of_a_process(self, monkeypatch):
        monkeypatch.setenv("PIPL_T_LIST", "/old")
        values = json.loads(FORMATS["json"].script(ENVIRONMENT))
        assert values == ours(ENVIRONMENT.applied_to(os.environ))
        assert values["PIPL_T_LIST"] == f"/a:/old:{NASTY}"


class TestWriting:
    def test_writes_a_script_for_each_shell_and_a_launcher(self, tmp_path):
        folder = tmp_path / "new" / "pipl"
        names = ["env.sh", "env.fish", "env.ps1", "env.bat", "env-restore.bat", "env.json"]
        assert write_scripts(ENVIRONMENT, folder) == [folder / name for name in names]
        assert sorted(p.name for p in folder.iterdir()) == sorted([*names, "bin"])
        written = Environment.from_text((folder / "env.json").read_text(encoding="utf-8"))
        assert written.variables.pop("PATH") == Variable(
            [Step("prepend", str(folder / "bin"), "pipl")]
        )
        assert written == ENVIRONMENT

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

    @pytest.mark.parametrize("file", ["", "env.json", "../env.sh", "a/b", "bin"])
    def test_refuses_what_would_leave_the_folder(self, environment, tmp_path, file):
        code = (
            "from pipl_hooks import hookimpl\n"
            "class Bad:\n"
            f"    def activation(self, environment): return {{{file!r}: 'x'}}\n"
            "@hookimpl\n"
            "def pipl_environment_format(name): return Bad()\n"
        )
        environment.install("bad", code, entry_points={"pipl": {"bad": "bad"}})
        with pytest.raises(EnvSetError) as error:
            write_scripts(Environment(), tmp_path / "new")
        assert error.value.message == f"The format 'bash' gives a script the name {file!r}."
        assert not (tmp_path / "new").exists()


def activation(name, environment):
    """Return the scripts of a format, and see that they are all that activation asks for."""
    assert name in ACTIVATION
    return FORMATS[name].activation(environment)


class TestWindows:
    """What cannot be sourced here is at least as it was meant."""

    SMALL = Environment(
        {"A": variable("it's 100%"), "P": variable(before=["x"], after=["y"])},
        {"ll": ShortName("dir", "p")},
    )

    def test_powershell(self):
        assert activation("powershell", self.SMALL)["env.ps1"] == (
            "# Written by pipl; sourced by activate.ps1.\n"
            "$global:_pipl_old = @{}\n"
            "$global:_pipl_old['A'] = $env:A\n"
            "$global:_pipl_old['P'] = $env:P\n"
            "$global:_pipl_functions = @{}\n"
            "$global:_pipl_functions['ll'] = $function:ll\n"
            "function global:pipl_env_restore {\n"
            "    foreach ($name in $global:_pipl_old.Keys) {\n"
            "        [Environment]::SetEnvironmentVariable("
            '$name, $global:_pipl_old[$name], "Process")\n'
            "    }\n"
            "    foreach ($name in $global:_pipl_functions.Keys) {\n"
            '        Remove-Item -Path "function:$name" -ErrorAction SilentlyContinue\n'
            "        if ($global:_pipl_functions[$name]) {\n"
            '            Set-Item -Path "function:global:$name"'
            " -Value $global:_pipl_functions[$name]\n"
            "        }\n"
            "    }\n"
            "    Remove-Variable -Name _pipl_old, _pipl_functions -Scope Global\n"
            "    Remove-Item -Path function:pipl_env_restore\n"
            "}\n"
            "$env:A = 'it''s 100%'\n"
            f"$env:P = (@('x') + @($env:P | Where-Object {{ $_ }}) + @('y')) -join '{os.pathsep}'\n"
            "function global:ll { dir @args }\n"
        )

    def test_cmd(self):
        s = os.pathsep
        scripts = activation("cmd", self.SMALL)
        assert scripts["env.bat"].split("\r\n") == [
            "@rem Written by pipl; called by activate.bat.",
            '@set "_pipl_old_A=%A%"',
            '@set "_pipl_old_P=%P%"',
            '@set "A=it\'s 100%%"',
            f'@if defined P (set "P=x{s}%P%{s}y") else (set "P=x{s}y")',
            "@doskey ll=dir $*",
            "",
        ]
        assert scripts["env-restore.bat"].split("\r\n") == [
            "@rem Written by pipl; called by deactivate.bat.",
            '@set "A=%_pipl_old_A%"',
            "@set _pipl_old_A=",
            '@set "P=%_pipl_old_P%"',
            "@set _pipl_old_P=",
            "@doskey ll=",
            "",
        ]

    @pytest.mark.parametrize(
        ("value", "line"),
        [
            ("a & b", '@set "A=a & b"'),
            ('say "x" & y', '@set "A=say "x" & y"'),
            ('a" & calc & "b', '@set "A=a" ^& calc ^& "b"'),
            ("two\nlines", "@rem A has several lines, which cmd cannot hold."),
        ],
    )
    def test_cmd_never_runs_a_part_of_a_value(self, value, line):
        assert FORMATS["cmd"].script(Environment({"A": variable(value)})) == f"{line}\r\n"
