"""Small programs that start the commands of tools, and aliases, wherever no shell knows them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipl_hooks import Environment, ToolState
from pipl_pipe import environment_folder

from ._formats._cmd import CmdFormat
from ._formats._posix import PosixFormat, quoted
from ._search import path_folders
from .errors import EnvSetError

FOLDER_NAME = "bin"


def launchers(environment: Environment) -> dict[str, str]:
    """Return the texts of the launchers of an environment, by file name.

    Raises:
        EnvSetError: A command would hide a program of the environment's own.
    """
    make = _Windows() if os.name == "nt" else _Posix()
    found = {}
    for name, tool in environment.tools.items():
        for command in tool.commands:
            _check_not_ours(command, tool.packl)
            found[command + make.suffix] = make.tool(name, command, tool)
    for name, alias in environment.aliases.items():
        command_line = _not_itself(name, alias.command)
        if command_line and not _own_program(name):
            found[name + make.suffix] = make.alias(alias.packl, command_line)
    return found


def write_launchers(texts: Mapping[str, str], folder: Path) -> None:
    """Make a folder hold these launchers, and no others."""
    if texts:
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        temporary = folder / f".{name}.new"
        temporary.write_bytes(text.encode("utf-8", "surrogateescape"))
        temporary.chmod(0o755)
        temporary.replace(folder / name)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in texts:
            path.unlink()


class _Posix:
    suffix = ""

    def tool(self, name: str, command: str, tool: ToolState) -> str:
        """Return what starts a command of a tool, or says why it cannot."""
        head = ["#!/bin/sh", f"# Written by pipl: {name}, of {tool.packl}."]
        words = tool.commands[command]
        if not words:
            return "\n".join([*head, *_complain(_why_not(name, command, tool)), ""])
        gone = [f"{command}: {words[0]} is there no more.", _SYNC]
        check = [f"if [ ! -x {quoted(words[0])} ]; then", *_complain(gone), "fi"]
        sets = PosixFormat().script(Environment(tool.variables)).splitlines()
        run = f'exec {" ".join(map(quoted, words))} "$@"'
        return "\n".join([*head, *check, *sets, run, ""])

    def alias(self, packl: str, command: str) -> str:
        """Return what runs the command of an alias."""
        return f'#!/bin/sh\n# Written by pipl: an alias of {packl}.\n{command} "$@"\n'


def _complain(lines: list[str]) -> Iterator[str]:
    yield f"printf '%s\\n' {' '.join(map(quoted, lines))} >&2"
    yield "exit 1"


class _Windows:
    suffix = ".cmd"

    def tool(self, name: str, command: str, tool: ToolState) -> str:
        """Return what starts a command of a tool, or says why it cannot."""
        lines = [f"@rem Written by pipl: {name}, of {tool.packl}.", "@setlocal"]
        words = tool.commands[command]
        if words:
            lines += [
                f'@if not exist "{words[0]}" (',
                *self._complain([f"{command}: {words[0]} is there no more.", _SYNC]),
                ")",
            ]
            lines += CmdFormat().script(Environment(tool.variables)).splitlines()
            lines += [f"@{subprocess.list2cmdline(words)} %*", "@exit /b %errorlevel%"]
        else:
            lines += self._complain(_why_not(name, command, tool))
        return "".join(f"{line}\r\n" for line in lines)

    def alias(self, packl: str, command: str) -> str:
        """Return what runs the command of an alias."""
        return f"@rem Written by pipl: an alias of {packl}.\r\n@{command} %*\r\n"

    def _complain(self, lines: list[str]) -> list[str]:
        said = [line.replace("%", "%%") for line in lines]
        said = ["".join(f"^{c}" if c in '&|<>^()"' else c for c in line) for line in said]
        return [*(f"@echo {line}>&2" for line in said), "@exit /b 1"]


_SYNC = "`pipl work sync` looks for it again."


def _why_not(name: str, command: str, tool: ToolState) -> list[str]:
    if tool.problem:
        return [
            f"{command}: {line}" if i == 0 else line
            for i, line in enumerate(tool.problem.splitlines())
        ]
    return [f"{command}: {name} has no program {command} beside {tool.program}."]


def _check_not_ours(command: str, packl: str) -> None:
    if _own_program(command):
        msg = f"The command {command} of the EnvSet {packl} would hide the environment's own."
        raise EnvSetError(msg, hint="Give the tool's command another name.")


def _own_program(name: str) -> bool:
    folder = environment_folder() / ("Scripts" if os.name == "nt" else "bin")
    return (folder / name).exists() or (folder / f"{name}.exe").exists()


def _not_itself(name: str, command: str) -> str | None:
    """Return an alias' command, with the real program where it is called like the alias itself."""
    first, space, rest = command.partition(" ")
    if first != name:
        return command
    program = shutil.which(first, path=os.pathsep.join(path_folders()))
    if program is None:
        return None
    return (f'"{program}"' if os.name == "nt" else quoted(program)) + space + rest
