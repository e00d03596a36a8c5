"""sh and its relatives: bash, zsh, dash."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipl_hooks import Environment, Variable


class PosixFormat:
    """Text that any POSIX shell reads, strict ones (`set -eu`) too."""

    def script(self, environment: Environment) -> str:
        """Return exports and aliases."""
        lines = [_export(name, variable) for name, variable in environment.variables.items()]
        lines += [f"alias {n}={quoted(alias.command)}" for n, alias in environment.aliases.items()]
        return "".join(f"{line}\n" for line in lines)

    def activation(self, environment: Environment) -> Mapping[str, str]:
        """Return the script that sets everything, and defines `pipl_env_restore`."""
        lines = ["# Written by pipl; sourced by activate.", "pipl_env_restore () {"]
        lines += [f"    {line}" for name in environment.variables for line in _restore(name)]
        lines += [f"    {line}" for name in environment.aliases for line in _restore_alias(name)]
        lines += ["    unset -f pipl_env_restore", "}"]
        if environment.variables:
            lines += _IS_EXPORTED
        lines += [line for name in environment.variables for line in _save(name)]
        lines += [
            f'_pipl_alias_{name}="$(alias {name} 2>/dev/null || :)"' for name in environment.aliases
        ]
        if environment.variables:
            lines.append("unset -f _pipl_is_exported")
        return {"env.sh": "\n".join(lines) + "\n" + self.script(environment)}


def quoted(value: str) -> str:
    """Return a text as one word of a POSIX shell."""
    return "'" + value.replace("'", "'\\''") + "'"


_IS_EXPORTED = [
    "_pipl_is_exported () {",
    '    ! command -v printenv > /dev/null 2>&1 || printenv "$1" > /dev/null 2>&1',
    "}",
]


def _save(name: str) -> list[str]:
    return [
        f'if [ "${{{name}+x}}" != x ]; then _pipl_had_{name}=unset; else',
        f'    _pipl_old_{name}="${name}"',
        f"    if _pipl_is_exported {name}; then _pipl_had_{name}=exported",
        f"    else _pipl_had_{name}=set; fi",
        "fi",
    ]


def _restore(name: str) -> list[str]:
    return [
        f'case "${{_pipl_had_{name}:-}}" in',
        f'exported) export {name}="$_pipl_old_{name}" ;;',
        f'set) unset {name}; {name}="$_pipl_old_{name}" ;;',
        f"unset) unset {name} ;;",
        "esac",
        f"unset _pipl_had_{name} _pipl_old_{name}",
    ]


def _restore_alias(name: str) -> list[str]:
    # bash says `alias x='y'`, others `x='y'`.
    return [
        f"unalias {name} 2>/dev/null || :",
        f'case "${{_pipl_alias_{name}:-}}" in',
        '"") ;;',
        f'alias\\ *) eval "$_pipl_alias_{name}" ;;',
        f'*) eval "alias $_pipl_alias_{name}" ;;',
        "esac",
        f"unset _pipl_alias_{name}",
    ]


def _export(name: str, variable: Variable) -> str:
    # An empty or unset variable has no entries, so it gets no separator either.
    alone = f"export {name}={quoted(variable.applied_to(None))}"
    if variable.setter is not None:
        return alone
    before = "".join(quoted(step.value + os.pathsep) for step in variable.before)
    after = "".join(quoted(os.pathsep + step.value) for step in variable.after)
    extended = f'export {name}={before}"${name}"{after}'
    return f'if [ -n "${{{name}:-}}" ]; then {extended}; else {alone}; fi'
