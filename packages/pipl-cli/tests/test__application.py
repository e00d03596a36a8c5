import subprocess
import sys
from types import SimpleNamespace

import click
import pytest

from pipl_cli._application import application
from pipl_core.plugins import plugins
from pipl_hooks import Command, hookimpl

HEAVY = ("devpi", "hatchling", "psutil", "requests", "rich", "tomlkit", "urllib3", "virtualenv")


def commands_of(group, path=()):
    context = click.Context(group, info_name=" ".join(path))
    yield path, group
    if isinstance(group, click.Group):
        for word in group.list_commands(context):
            yield from commands_of(group.get_command(context, word), (*path, word))


ALL = dict(commands_of(application()))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example(path, pipl):
    result = pipl(*path, "--help")
    assert (result.status, result.err) == (0, "")
    example = result.out.partition("\n  Example:\n")[2]
    assert f"    pipl {' '.join(path)}".rstrip() in example


def test_every_command_that_works_in_a_folder_takes_its_path():
    for path, command in ALL.items():
        if isinstance(command, click.Group) or path in {("plugins",), ("proj", "create")}:
            continue
        assert "path" in {parameter.name for parameter in command.params}, path


def test_every_command_that_reads_has_json():
    reading = {"list", "show", "log", "tree", "status", "history", "commands", "whoami", "plugins"}
    for path, command in ALL.items():
        if path and path[-1] in reading and not isinstance(command, click.Group):
            assert "as_json" in {parameter.name for parameter in command.params}, path


def test_the_version(pipl):
    assert pipl("--version").out.startswith("pipl 0.")


def test_an_unknown_command_is_wrong_usage(pipl):
    result = pipl("nosuch")
    assert result.status == 2
    assert "No such command 'nosuch'." in result.err


def test_help_imports_nothing_heavy():
    # Of our own plugin alone: what a studio's imports is for the studio to know.
    code = (
        "import sys, types\n"
        "from importlib.metadata import EntryPoint\n"
        "load, other = EntryPoint.load, types.ModuleType('other')\n"
        "ours = lambda point: point.value.startswith('pipl_cli')\n"
        "EntryPoint.load = lambda point: load(point) if ours(point) else other\n"
        "sys.argv = ['pipl', '--help']\n"
        "from pipl_cli.__main__ import main\n"
        "assert main() == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def registered(monkeypatch, function):
    plugin = SimpleNamespace(pipl_commands=hookimpl(function))
    manager = plugins().manager
    manager.register(plugin, name="studio:commands")
    return lambda: manager.unregister(plugin)


def test_a_plugin_adds_and_replaces_commands(pipl, monkeypatch):
    target = "pipl_cli._commands.plugins:plugins"
    mine = [Command("show play", target, "Play it."), Command("whoami", target, "Mine.")]
    remove = registered(monkeypatch, lambda: mine)
    try:
        assert "  play    Play it.\n" in pipl("show", "--help").out
        assert pipl("whoami").out == pipl("plugins").out
        assert "  whoami   Mine.\n" in pipl("--help").out
    finally:
        remove()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (OSError("no disk"), "OSError: no disk"),
        (SystemExit(0), "SystemExit: 0"),
        (["play"], "TypeError: 'play' is no command"),
        ([Command(5, "", "")], "TypeError: Command(path=5, target='', help='') is no command"),
    ],
)
def test_a_broken_plugin_does_not_stop_the_others(pipl, monkeypatch, answer, why):
    def broken():
        if isinstance(answer, BaseException):
            raise answer
        return answer

    remove = registered(monkeypatch, broken)
    try:
        result = pipl("plugins")
    finally:
        remove()
    assert result.status == 0
    said = f"warning: the plugin studio:commands gives no commands: {why}\n"
    assert result.err == said
