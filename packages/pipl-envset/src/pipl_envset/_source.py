"""Takes over what a vendor's setup script sets, by the difference that it makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipl_hooks import Environment
from pipl_hooks.environment import APPEND, PREPEND, SET

from .errors import EnvSetError

SECONDS = 120.0

_KEPT = (
    *("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM", "DISPLAY"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERNAME"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES"),
    *("PROGRAMFILES(X86)", "COMMONPROGRAMFILES", "NUMBER_OF_PROCESSORS", "OS"),
)
"""Of this process' variables, those of a bare login: what comes out must be the same whoever calls,
in an active workspace or not."""

_POSIX_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NOISE = frozenset({"_", "SHLVL", "PWD", "OLDPWD", "PROMPT", "__CF_USER_TEXT_ENCODING"})

_DUMP = """\
import json, os, sys

with open(sys.argv[1], "w") as file:
    json.dump(dict(os.environ), file)
"""
_POSIX = """\
script=$1 python=$2 dump=$3 answer=$4
shift 4
. "$script" >&2
"$python" -I "$dump" "$answer"
"""
_MARK = "/pipl/was/here"
"""Given to lists, to see whether a script extends them."""


@dataclass(frozen=True)
class Taken:
    """One thing that a script did.

    Attributes:
        name: Name of the variable.
        action: `set`, `prepend` or `append`.
        value: The value, or the entry.
    """

    name: str
    action: str
    value: str


def taken_from(
    script: str, arguments: Sequence[str], shell: str, environment: Environment
) -> list[Taken]:
    """Run a vendor's script in a shell of its own, and return what it does to the variables.

    Args:
        script: Its path.
        arguments: Its arguments.
        shell: Shell that reads it, on other platforms than Windows.
        environment: What was set before.

    Raises:
        EnvSetError: It is not there, or does not come to its end.
    """
    if not Path(script).is_file():
        msg = f"There is no script {script}."
        raise EnvSetError(msg, hint="Is the tool installed as its EnvSet expects?")
    before = environment.applied_to(bare_variables())
    after = _after(script, arguments, shell, before)
    # A script that extends an empty list looks as if it set it: give such lists something.
    marks = {n: _MARK for n, v in after.items() if n not in before and _may_be_list(n, v)}
    if marks:
        before = {**before, **marks}
        after = {**after, **_after(script, arguments, shell, before)}
    return [taken for name in after for taken in _taken(name, before.get(name), after[name])]


def bare_variables() -> dict[str, str]:
    """Return the variables with which a script starts."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _KEPT}
    if os.name == "nt":
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return {**kept, "PATH": rf"{root}\system32;{root};{root}\System32\Wbem"}
    return {**kept, "PATH": _POSIX_PATH}


def _after(
    script: str, arguments: Sequence[str], shell: str, before: Mapping[str, str]
) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="pipl-") as name:
        dump, answer = Path(name) / "dump.py", Path(name) / "answer.json"
        dump.write_text(_DUMP, encoding="utf-8")
        if os.name == "nt":
            batch = Path(name) / "run.bat"
            batch.write_text(_batch(script, arguments, dump, answer), encoding="utf-8", newline="")
            command = [os.environ.get("COMSPEC", "cmd.exe"), "/d", "/c", str(batch)]
        else:
            ours = [script, sys.executable, str(dump), str(answer)]
            command = [shell, "-c", _POSIX, shell, *ours, *arguments]
        said = _said(command, before, script)
        if not answer.exists():
            msg = f"The script {script} did not come to its end."
            raise EnvSetError(msg, context=said.strip()[-2000:] or "It said nothing.")
        after: dict[str, str] = json.loads(answer.read_text(encoding="utf-8"))
    return {name: value for name, value in after.items() if name not in _NOISE}


def _said(command: Sequence[str], variables: Mapping[str, str], script: str) -> str:
    try:
        return subprocess.run(
            list(command),
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as error:
        msg = f"The script {script} did not come to its end."
        raise EnvSetError(msg, context=f"It took longer than {SECONDS:.0f} seconds.") from error
    except OSError as error:
        msg = f"The shell {command[0]} cannot read the script {script}."
        raise EnvSetError(msg, context=error.strerror or str(error)) from error


def _batch(script: str, arguments: Sequence[str], dump: Path, answer: Path) -> str:
    quoted = " ".join(f'"{each}"' for each in (script, *arguments))
    lines = [f"@call {quoted}", f'@"{sys.executable}" -I "{dump}" "{answer}"', ""]
    return "\r\n".join(lines)


def _may_be_list(name: str, value: str) -> bool:
    return name.upper().endswith("PATH") or value != value.strip(os.pathsep)


def _taken(name: str, before: str | None, after: str) -> Iterator[Taken]:
    if after == before:
        return
    front, middle, back = f"{os.pathsep}{after}{os.pathsep}".partition(
        f"{os.pathsep}{before}{os.pathsep}" if before else "\0"
    )
    if not middle:
        yield Taken(name, SET, after)
        return
    yield from (Taken(name, PREPEND, each) for each in reversed(_entries(front)))
    yield from (Taken(name, APPEND, each) for each in _entries(back))


def _entries(text: str) -> list[str]:
    return [entry for entry in text.split(os.pathsep) if entry]
