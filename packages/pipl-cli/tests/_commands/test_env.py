"""`pipl env show`, `export`, `explain`, `diff`."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from pipl_core import Workspace
from pipl_testing import PacklMaker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind"),
]

PENCIL = """
from pipl_envset import Append, EnvSet, Prepend, Set, Tool


class Pencil(EnvSet):
    tool = Tool("pencil", ">=2", search=["{program}"], commands=["pencil", "rub"])

    def changes(self):
        yield Prepend("PEN_PATH", "/pencil/lib")
        yield Append("PEN_PATH", "/last")
        yield Set("PENCIL_VERSION", lambda context: context.tool.version)

    def tool_changes(self):
        yield Set("PENCIL_ONLY", "1")


ENV = Pencil(__name__)
"""


@pytest.fixture
def at_pencils(pipl, at_desk, tmp_path):
    """The workspace with the types note and an EnvSet in edition, whose tool comes later."""
    packl = PacklMaker()(
        at_desk,
        "pencil_env",
        files={"src/pencil_env/__init__.py": PENCIL.format(program=tmp_path / "pencil")},
        dependencies=["pipl-envset", "note_types"],
        entry_points={"pipl_pipe.envset": {"pencil_env": "pencil_env:ENV"}},
    )
    pipl.names[str(tmp_path)] = "<tmp>"
    pipl.names[str(at_desk.folder)] = "<desk>"
    at_desk.install_edited()
    return packl


@pytest.fixture
def pencil(tmp_path):
    """The program."""
    path = tmp_path / "pencil"
    path.write_text('#!/bin/sh\necho "pencil 2.5 ($PENCIL_ONLY)"\n')
    path.chmod(0o755)
    return path


OURS = """\
PATH: before <desk>/.venv/pipl/bin  # pipl
PATH: before <desk>/.venv/bin  # pipl
"""
NOTE = """\
VIRTUAL_ENV=<desk>/.venv  # pipl
alias pen=pen2  # note_types
"""
MISSING = """\
The tool pencil >=2 of pencil_env was not found.
<tmp>/pencil: nothing there
Install it, or say where it is: pencil = "/path/of/pencil" below [config.tools] \
in the project's pipl.toml. Then `pipl work sync`.
"""


def step(action, value, packl):
    return {"action": action, "value": value, "packl": packl, "origin": ""}


def test_show_has_a_packl_behind_each_line(pipl, at_desk):
    pipl.names[str(at_desk.folder)] = "<desk>"
    assert pipl("env", "show").out == (
        f"{OURS}PEN_PATH: before /pens/lib  # note_types\nPEN_ROOT=/pens  # note_types\n"
        f"PIPL_WORKSPACE=<desk>  # pipl\n{NOTE}"
    )
    data = json.loads(pipl("env", "show", "--json").out)
    assert data["variables"]["PEN_ROOT"] == {"steps": [step("set", "/pens", "note_types")]}
    assert data["aliases"] == {"pen": {"command": "pen2", "packl": "note_types"}}
    assert data["tools"] == {}
    code = "import os; print(os.environ['PEN_ROOT'], os.environ['PEN_PATH'])"
    assert pipl("work", "py", "-c", code).out == "/pens /pens/lib\n"


def test_a_tool_that_is_missing_is_said_wherever_it_matters(pipl, at_pencils):
    shown = pipl("env", "show").out
    assert shown.startswith(
        f"{OURS}PEN_PATH: before /pencil/lib  # pencil_env\n"
        "PEN_PATH: before /pens/lib  # note_types\nPEN_PATH: after /last  # pencil_env\n"
    )
    assert "PENCIL_VERSION" not in shown
    assert shown.endswith(
        "tool pencil >=2 is missing  # pencil_env\n"
        "  command pencil: cannot run\n  command rub: cannot run\n"
        "  PENCIL_ONLY=1  # pencil_env\n"
    )
    synced = pipl("work", "sync")
    assert (synced.status, synced.err.splitlines()[-1]) == (
        0,
        "warning: The tool pencil >=2 of pencil_env was not found: see `pipl env explain pencil`.",
    )
    explained = pipl("env", "explain", "rub").out
    assert explained.startswith(
        f"pencil is a tool of pencil_env 0.1.0.\nVersions that fit: >=2\n{MISSING}"
    )
    result = pipl("work", "run", "--", "pencil")
    assert (result.status, result.out, result.err) == (1, "", f"pencil: {MISSING}")


def test_a_tool_that_was_found_is_a_command(pipl, at_pencils, pencil):
    assert pipl("work", "sync").status == 0
    assert pipl("env", "show").out.endswith(
        "tool pencil 2.5: <tmp>/pencil  # pencil_env\n"
        "  command pencil: <tmp>/pencil\n  command rub: cannot run\n"
        "  PENCIL_ONLY=1  # pencil_env\n"
    )
    for group in ("work", "env"):
        result = pipl(group, "run", "--", "pencil")
        assert (result.status, result.out, result.err) == (0, "pencil 2.5 (1)\n", "")
    assert pipl("work", "run", "--", "rub").err == (
        "rub: pencil has no program rub beside <tmp>/pencil.\n"
    )


def test_the_project_says_where_a_tool_is(pipl, at_pencils, pencil, project):
    elsewhere = pencil.rename(pencil.with_name("my pencil"))
    before = (project.folder / "pipl.toml").read_text()
    try:
        (project.folder / "pipl.toml").write_text(
            f'{before}\n[config.tools]\npencil = "{elsewhere}"\n'
        )
        assert pipl("work", "sync").status == 0
    finally:
        (project.folder / "pipl.toml").write_text(before)
    assert pipl("work", "run", "--", "pencil").out == "pencil 2.5 (1)\n"


def test_explain_goes_step_by_step(pipl, at_pencils, monkeypatch):
    monkeypatch.setenv("PEN_PATH", "/mine")
    assert pipl("env", "explain", "PEN_PATH").out == (
        "STEP  DOES                PACKL             VALUE\n"
        "0     comes from outside  -                 /mine\n"
        "1     put in front        note_types 0.1.0  /pens/lib\n"
        "2     put in front        pencil_env 0.1.0  /pencil/lib\n"
        "3     put behind          pencil_env 0.1.0  /last\n"
        "PEN_PATH=/pencil/lib:/pens/lib:/mine:/last\n"
    )
    data = json.loads(pipl("env", "explain", "PEN_ROOT", "--json").out)
    assert data == {
        "name": "PEN_ROOT",
        "outside": None,
        "steps": [{**step("set", "/pens", "note_types 0.1.0"), "then": "/pens"}],
        "value": "/pens",
    }
    assert pipl("env", "explain", "pen").out == "pen is an alias of note_types: pen2\n"


def test_explain_of_what_nothing_sets_is_an_error(pipl, at_desk, monkeypatch):
    monkeypatch.setenv("PIPL_T_MINE", "1")
    result = pipl("env", "explain", "PIPL_T_MINE")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "error: Nothing in the workspace desk says anything about PIPL_T_MINE.\n"
        "  It comes from outside: 1\n"
        "hint: `pipl env show` lists what there is.\n"
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_export_can_be_read_by_a_shell(pipl, at_desk, tmp_path, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    pipl.names.clear()
    result = pipl("env", "export", "--format", shell)
    assert (result.status, result.err) == (0, "")
    script = tmp_path / "script"
    script.write_text(result.out)
    source = "source" if shell == "fish" else "."
    done = subprocess.run(
        [
            shell,
            "-c",
            f'{source} {script}; echo "$PEN_ROOT $PEN_PATH $PIPL_WORKSPACE"; command -v python',
        ],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PEN_PATH": "/mine"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == (
        f"/pens /pens/lib:/mine {at_desk.folder}\n{at_desk.environment.scripts}/python\n"
    )


def test_export_as_json_has_values(pipl, at_desk):
    pipl.names.clear()
    values = json.loads(pipl("env", "export", "--format", "json").out)
    assert sorted(values) == ["PATH", "PEN_PATH", "PEN_ROOT", "PIPL_WORKSPACE", "VIRTUAL_ENV"]
    assert values["PEN_ROOT"] == "/pens"
    assert values["PATH"] == (
        f"{at_desk.environment.folder}/pipl/bin:{at_desk.environment.scripts}:{os.environ['PATH']}"
    )


def test_export_to_an_unknown_format_is_an_error(pipl, at_desk):
    result = pipl("env", "export", "--format", "nu")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error: The environment cannot be written in the format 'nu'.\n")
    assert "There are: bash, zsh, fish, powershell, cmd, json." in result.err


def test_diff_with_the_outside(pipl, at_desk, monkeypatch):
    monkeypatch.setenv("PEN_PATH", "/mine")
    monkeypatch.setenv("PEN_ROOT", "/pens")
    pipl.names[str(at_desk.folder)] = "<desk>"
    lines = pipl("env", "diff").out.splitlines()
    assert "- PEN_PATH=/mine" in lines
    assert "+ PEN_PATH=/pens/lib:/mine  # note_types" in lines
    assert "+ VIRTUAL_ENV=<desk>/.venv  # pipl" in lines
    assert not [line for line in lines if "PEN_ROOT" in line]


def test_diff_with_another_workspace(pipl, at_desk, lab):
    expected = (
        "- note-types 0.1.0\n"
        "- PATH: before <desk>/.venv/pipl/bin  # pipl\n"
        "- PEN_PATH: before /pens/lib  # note_types\n"
        "- PEN_ROOT=/pens  # note_types\n"
        "- alias pen=pen2  # note_types\n"
    )
    pipl.names[str(at_desk.folder)] = "<desk>"
    assert pipl("env", "diff", "lab").out == expected
    assert pipl("env", "diff", str(lab.folder)).out == expected
    same = pipl("env", "diff", str(at_desk.folder))
    assert (same.status, same.out, same.err) == (0, "", "There is no difference.\n")
    data = json.loads(pipl("env", "diff", "desk", "-p", str(lab.folder), "--json").out)
    assert data["removed"] == []
    assert "PEN_ROOT=/pens  # note_types" in data["added"]


def test_a_file_of_an_older_pipl_is_made_anew(pipl, at_desk):
    path = at_desk.environment.folder / "pipl" / "env.json"
    before = path.read_text()
    path.write_text('{"format": 1, "variables": {}, "aliases": {}}')
    assert pipl("env", "explain", "PEN_ROOT").status == 0
    assert path.read_text() == before


def test_a_damaged_file_is_one_error(pipl, at_desk):
    path = at_desk.environment.folder / "pipl" / "env.json"
    before = path.read_text()
    path.write_text("{")
    try:
        result = pipl("env", "show")
    finally:
        path.write_text(before)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error: env.json cannot be read.\n")
    assert result.err.endswith("hint: Make it anew: `pipl work sync`.\n")
    assert Workspace(at_desk.folder).environment.settings.variables
