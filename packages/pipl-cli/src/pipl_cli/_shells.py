"""Which shell a person uses, and how to open it with a workspace active.

The activate scripts are sourced after the person's own start-up files, which may change PATH.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipl_core import Workspace

POSIX_SHELLS = ("bash", "zsh", "fish")
WINDOWS_SHELLS = ("pwsh", "powershell", "cmd")


@dataclass(frozen=True)
class Shell:
    """A shell.

    Attributes:
        name: `bash`, `zsh`, `fish`, `pwsh`, `powershell`, `cmd`, or another one.
        program: Its path.
    """

    name: str
    program: str


def own_shell() -> Shell:
    """Return the shell from which pipl was called, else the one that the person has chosen."""
    import psutil

    known = (*POSIX_SHELLS, *WINDOWS_SHELLS)
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process().parents():
            with contextlib.suppress(psutil.Error):
                name = _shell_name(process.name())
                if name in known:
                    return Shell(name, process.exe() or name)
    chosen = os.environ.get("COMSPEC", "cmd.exe") if os.name == "nt" else os.environ.get("SHELL")
    program = chosen or "/bin/sh"
    return Shell(_shell_name(program), program)


def shell_named(name: str) -> Shell:
    """Return the shell that a person names.

    Raises:
        NotFoundError: There is none of that name.
    """
    from pipl_core import NotFoundError

    program = shutil.which(name)
    if program is None:
        msg = f"There is no shell {name!r}."
        raise NotFoundError(msg, hint="Name one that is installed, or leave --shell out.")
    return Shell(_shell_name(program), program)


@contextlib.contextmanager
def activated(workspace: Workspace, shell: Shell) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Give the arguments and the variables of a shell with the workspace active.

    Raises:
        NotFoundError: The workspace's environment does not stand.
    """
    from pipl_core import NotFoundError

    environment = workspace.environment
    if not environment.exists:
        msg = f"The environment of the workspace {workspace.name} does not stand."
        raise NotFoundError(msg, hint="Make it anew: `pipl work sync`.")
    scripts = environment.scripts
    variables = dict(os.environ)
    start = [shell.program]
    with tempfile.TemporaryDirectory(prefix="pipl-shell-") as name:
        folder = Path(name)
        if shell.name == "bash":
            start += ["--rcfile", str(_bash_start(folder, scripts / "activate")), "-i"]
        elif shell.name == "zsh":
            variables.update(_zsh_start(folder, scripts / "activate", variables))
            start += ["-i"]
        elif shell.name == "fish":
            start += [
                "--interactive",
                "--init-command",
                f"source {_quoted(scripts / 'activate.fish')}",
            ]
        elif shell.name in {"pwsh", "powershell"}:
            script = str(scripts / "activate.ps1").replace("'", "''")
            start += ["-NoLogo", "-NoExit", "-Command", f". '{script}'"]
        elif shell.name == "cmd":
            start += ["/K", str(scripts / "activate.bat")]
        else:
            variables = environment.variables()
        yield start, variables


def _bash_start(folder: Path, activate: Path) -> Path:
    path = folder / "bashrc"
    text = f"if [ -f ~/.bashrc ]; then . ~/.bashrc; fi\n. {_quoted(activate)}\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _zsh_start(folder: Path, activate: Path, variables: dict[str, str]) -> dict[str, str]:
    own = variables.get("ZDOTDIR") or variables.get("HOME") or "~"
    env = f"if [ -f {_quoted(own)}/.zshenv ]; then . {_quoted(own)}/.zshenv; fi\n"
    text = (
        f"export ZDOTDIR={_quoted(own)}\n"
        "if [ -f $ZDOTDIR/.zshrc ]; then . $ZDOTDIR/.zshrc; fi\n"
        f". {_quoted(activate)}\n"
    )
    (folder / ".zshenv").write_text(f"{env}ZDOTDIR={_quoted(folder)}\n", encoding="utf-8")
    (folder / ".zshrc").write_text(text, encoding="utf-8")
    return {"ZDOTDIR": str(folder)}


def _shell_name(program: str) -> str:
    # A login shell's process is called `-bash`.
    return Path(program).name.lower().removesuffix(".exe").lstrip("-")


def _quoted(path: Path | str) -> str:
    return shlex.quote(str(path))
