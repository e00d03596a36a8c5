"""The scripts that activation sources, one for each kind of shell.

Each sets the variables after saving what was there, and defines what restores it; the activate
scripts of the virtualenv call both.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Callable

from pipl_hooks import Environment
from pipl_hooks.environment import FILE_NAME

from .errors import EnvSetError

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import Variable


def write_scripts(environment: Environment, folder: Path) -> list[Path]:
    """Write all scripts and `env.json` into `folder`, and return their paths.

    Raises:
        EnvSetError: The disk refused.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, render in RENDERERS.items():
            temporary = folder / f"{name}.new"
            temporary.write_bytes(render(environment).encode("utf-8", "surrogateescape"))
            written.append(temporary.replace(folder / name))
    except OSError as error:
        msg = f"The environment's scripts could not be written to {folder}."
        context = error.strerror or str(error)
        raise EnvSetError(msg, context=context, hint="Check free space and permissions.") from error
    return written


def _posix(environment: Environment) -> str:
    lines = ["# Written by pipl; sourced by activate.", "pipl_env_restore () {"]
    for name in environment.variables:
        lines += [
            f'    if [ "${{_pipl_had_{name}:-}}" = set ]; then export {name}="$_pipl_old_{name}"',
            f'    elif [ "${{_pipl_had_{name}:-}}" = unset ]; then unset {name}; fi',
            f"    unset _pipl_had_{name} _pipl_old_{name}",
        ]
    lines += [f"    unalias {name} 2>/dev/null" for name in environment.aliases]
    lines += ["    unset -f pipl_env_restore", "}"]
    for name, variable in environment.variables.items():
        lines += [
            f'if [ "${{{name}+x}}" = x ]; then _pipl_had_{name}=set; _pipl_old_{name}="${name}"',
            f"else _pipl_had_{name}=unset; fi",
            _posix_export(name, variable),
        ]
    lines += [f"alias {name}={_single(value)}" for name, value in environment.aliases.items()]
    return "\n".join(lines) + "\n"


def _posix_export(name: str, variable: Variable) -> str:
    # An empty or unset variable has no entries, so it gets no separator either.
    alone = f"export {name}={_single(variable.applied_to(None))}"
    if variable.value is not None:
        return alone
    before = "".join(_single(entry + os.pathsep) for entry in variable.before)
    after = "".join(_single(os.pathsep + entry) for entry in variable.after)
    extended = f'export {name}={before}"${name}"{after}'
    return f'if [ -n "${{{name}:-}}" ]; then {extended}; else {alone}; fi'


def _single(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _fish(environment: Environment) -> str:
    lines = ["# Written by pipl; sourced by activate.fish.", "function pipl_env_restore"]
    for name in environment.variables:
        lines += [
            f'    if test "$_pipl_had_{name}" = set; set -gx {name} $_pipl_old_{name}',
            f"    else; set -e {name}; end",
            f"    set -e _pipl_had_{name}; set -e _pipl_old_{name}",
        ]
    lines += [f"    functions -e {name}" for name in environment.aliases]
    lines += ["    functions -e pipl_env_restore", "end"]
    for name, variable in environment.variables.items():
        lines += [
            f"if set -q {name}; set -g _pipl_had_{name} set; set -g _pipl_old_{name} ${name}",
            f"else; set -g _pipl_had_{name} unset; end",
        ]
        if variable.value is not None:
            lines.append(f"set -gx {name} {_fish_quoted(variable.applied_to(None))}")
        else:
            before = " ".join(_fish_quoted(entry) for entry in variable.before)
            after = " ".join(_fish_quoted(entry) for entry in variable.after)
            separator = _fish_quoted(os.pathsep)
            middle = f'(test -n "${name}"; and string join -- {separator} ${name})'
            lines.append(f"set -gx {name} (string join -- {separator} {before} {middle} {after})")
    lines += [f"alias {name} {_fish_quoted(value)}" for name, value in environment.aliases.items()]
    return "\n".join(lines) + "\n"


def _fish_quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _powershell(environment: Environment) -> str:
    lines = ["# Written by pipl; sourced by activate.ps1.", "$global:_pipl_old = @{}"]
    for name, variable in environment.variables.items():
        lines.append(f"$global:_pipl_old['{name}'] = $env:{name}")
        if variable.value is not None:
            lines.append(f"$env:{name} = {_ps_quoted(variable.applied_to(None))}")
        else:
            before = ", ".join(_ps_quoted(entry) for entry in variable.before)
            after = ", ".join(_ps_quoted(entry) for entry in variable.after)
            entries = f"@({before}) + @($env:{name} | Where-Object {{ $_ }}) + @({after})"
            lines.append(f"$env:{name} = ({entries}) -join {_ps_quoted(os.pathsep)}")
    for name, value in environment.aliases.items():
        lines.append(f"function global:{name} {{ {value} @args }}")
    lines += [
        "function global:pipl_env_restore {",
        "    foreach ($name in $global:_pipl_old.Keys) {",
        '        [Environment]::SetEnvironmentVariable($name, $global:_pipl_old[$name], "Process")',
        "    }",
        *(f"    Remove-Item -Path function:{name}" for name in environment.aliases),
        "    Remove-Item -Path function:pipl_env_restore",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _ps_quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _batch(environment: Environment) -> str:
    lines = ["@rem Written by pipl; called by activate.bat."]
    for name, variable in environment.variables.items():
        lines.append(f'@set "_pipl_old_{name}=%{name}%"')
        value = variable.applied_to(None).replace("%", "%%")
        if variable.value is not None:
            lines.append(f'@set "{name}={value}"')
        else:
            before = "".join(entry + os.pathsep for entry in variable.before).replace("%", "%%")
            after = "".join(os.pathsep + entry for entry in variable.after).replace("%", "%%")
            extended = f'set "{name}={before}%{name}%{after}"'
            lines.append(f'@if defined {name} ({extended}) else (set "{name}={value}")')
    lines += [f"@doskey {name}={value} $*" for name, value in environment.aliases.items()]
    return "\r\n".join(lines) + "\r\n"


def _batch_restore(environment: Environment) -> str:
    lines = ["@rem Written by pipl; called by deactivate.bat."]
    for name in environment.variables:
        lines += [f'@set "{name}=%_pipl_old_{name}%"', f"@set _pipl_old_{name}="]
    lines += [f"@doskey {name}=" for name in environment.aliases]
    return "\r\n".join(lines) + "\r\n"


RENDERERS: dict[str, Callable[[Environment], str]] = {
    "env.sh": _posix,
    "env.fish": _fish,
    "env.ps1": _powershell,
    "env.bat": _batch,
    "env-restore.bat": _batch_restore,
    FILE_NAME: Environment.to_text,
}
