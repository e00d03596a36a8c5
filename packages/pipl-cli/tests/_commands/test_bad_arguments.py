"""Every command with arguments that make no sense: one clear error, and nothing has changed."""

from __future__ import annotations

import os
import re
from contextlib import closing
from importlib import import_module

import click
import pytest

from pipl_cli.plugin import pipl_commands

COMMANDS = {command.path: command.target for command in pipl_commands() if command.target}
NO_BUG = "This is a bug"
NASTY = (
    *(
        "",
        " ",
        "..",
        "../up",
        "nul.x",
        "käse",
        "rig\n",
        "\u202egir",
        "a?b#c",
        "x" * 300,
        "[",
        "a b",
    ),
    *("rig @ file:///etc/passwd", "$(touch owned)", "'; --", "9" * 5000),
)
WITH_NAMES = [
    "packl create NAME", "task create NAME task",
    "product create NAME product", "task create studio_x NAME", "packl show NAME",
    "packl log NAME", "packl tree NAME", "packl add NAME", "packl add pluggy <NAME",
    "packl add pluggy -x NAME", "packl remove NAME", "packl publish NAME",
    "packl publish studio_one -i NAME", "work create NAME", "work create studio_x NAME",
    "work create studio_x --python NAME", "work install NAME", "product show NAME",
    "asset verify NAME", "login NAME --password-stdin", "proj user add NAME --password-stdin",
    "proj user set NAME --password-stdin", "proj user remove NAME", "proj index create-sub NAME",
    "proj index create-sub root/fx --bases NAME", "proj index list NAME", "ci logs NAME",
    "ci retry NAME", "ci cancel NAME", "ci history NAME", "ci status --limit NAME",
    "work shell --shell NAME", "work run -- NAME", "show import NAME --recipe NAME",
    "proj create PROJECT/NAME", "proj create PROJECT/x --name NAME", "packl bump NAME",
]  # fmt: skip

SPOKEN = {"käse", "a b", "$(touch owned)", "'; --", "["}
MAY_BE = {
    "asset verify NAME": {""},  # all of them
    "packl add pluggy -x NAME": {"nul.x"},
    # The empty folder itself, one beside it, and one of folders in folders.
    "proj create PROJECT/NAME": {"", "../up", "rig @ file:///etc/passwd", *SPOKEN},
    "proj create PROJECT/x --name NAME": SPOKEN,
    "proj index list NAME": {""},  # the index of releases
    # That of pipl; and looking for an interpreter takes its time, so for a few only.
    "work create studio_x --python NAME": {*NASTY} - {"..", "käse"},
    "work run -- NAME": {"["},  # a program in most places
    "work shell --shell NAME": {"", "["},
}
ERROR = re.compile(r"(?im)^error: ")


def command_of(path: str) -> click.Command:
    module, _, attribute = COMMANDS[path].partition(":")
    return getattr(import_module(module), attribute)


def required(path: str) -> list[str]:
    """Words for the arguments and options that a command cannot do without."""
    words = []
    for parameter in command_of(path).params:
        if parameter.required:
            value = "1" if isinstance(parameter.type, click.types.IntParamType) else "minor"
            option = [parameter.opts[0]] if isinstance(parameter, click.Option) else []
            words += [*option, value]
    return words


def has_path(path: str) -> bool:
    # `pipl plugins` has something to tell outside of workspaces, too.
    options = [option for parameter in command_of(path).params for option in parameter.opts]
    return "--path" in options and path != "plugins"


@pytest.mark.parametrize("path", [path for path in COMMANDS if has_path(path)])
def test_no_bad_path_is_a_traceback(path, pipl, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    half = tmp_path / "half"
    half.mkdir()
    (half / "workspace.toml").write_bytes(b"\xff")
    gone = tmp_path / "gone"
    gone.mkdir()
    (gone / "workspace.toml").write_text(
        'format = 1\nname = "gone"\nproject = "../nowhere"\ninstall = []\n'
    )
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "pipl.toml").write_bytes(b"format = 1\nname = '\xff'\n")
    before = sorted(tmp_path.rglob("*"))
    bad = ("nowhere", "", "file", "folder", "loop", "half", "gone", "damaged", "x" * 300)
    for folder in (*bad, "file/below", "/dev/null", "caf\udce9"):
        result = pipl(*path.split(), "-p", folder, "--", *required(path))
        assert (result.status, result.out) in {(1, ""), (2, "")}, (folder, result)
        assert NO_BUG not in result.err, (folder, result.err)
        assert len(ERROR.findall(result.err)) == 1, (folder, result.err)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_one_error(pipl, tmp_path):
    (tmp_path / "secret").mkdir(mode=0)
    result = pipl("packl", "show", "-p", "secret/x")
    assert result.status == 1
    assert NO_BUG not in result.err


@pytest.fixture
def bench(workspace, throw_away_packl):
    """A workspace with one packl in edition."""
    throw_away_packl(workspace, "studio_one")
    return workspace


@pytest.mark.slow
@pytest.mark.parametrize("line", WITH_NAMES)
def test_no_bad_name_is_a_traceback_or_changes_anything(line, pipl, bench, tmp_path):
    project = bench.project
    before = state(project)
    for name in NASTY:
        if name in MAY_BE.get(line, ()):
            continue
        words = [
            word.replace("NAME", name).replace("PROJECT", str(tmp_path)) for word in line.split()
        ]
        result = pipl(*words, given="secret\n")
        if result.status == 0:
            assert line == "ci history NAME", (name, result)
        else:
            assert result.status in {1, 2}, (name, result)
            assert result.out == "", (name, result)
            assert len(ERROR.findall(result.err)) == 1, (name, result.err)
        assert NO_BUG not in result.err, (name, result.err)
        assert len(result.err) < 6000, (name, len(result.err))
        assert state(project) == before, name
        assert list(tmp_path.iterdir()) == [], name


def state(project) -> tuple[object, ...]:
    with closing(project.client()) as client:
        users = client.users()
    files = {
        path: path.read_bytes()
        for path in project.workarea.rglob("*")
        if path.is_file() and ".venv" not in path.parts and path.name != ".lock"
    }
    return users, files, sorted(path.name for path in project.folder.iterdir())
