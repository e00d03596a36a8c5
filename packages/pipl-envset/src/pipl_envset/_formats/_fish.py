"""fish."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipl_hooks import Environment, Variable


class FishFormat:
    """Text that fish reads."""

    def script(self, environment: Environment) -> str:
        """Return variables and aliases."""
        lines = [_set(name, variable) for name, variable in environment.variables.items()]
        lines += [f"alias {n} {_quoted(alias.command)}" for n, alias in environment.aliases.items()]
        return "".join(f"{line}\n" for line in lines)

    def activation(self, environment: Environment) -> Mapping[str, str]:
        """Return the script that sets everything, and defines `pipl_env_restore`."""
        lines = ["# Written by pipl; sourced by activate.fish.", "function pipl_env_restore"]
        lines += [f"    {line}" for name in environment.variables for line in _restore(name)]
        lines += [f"    {line}" for name in environment.aliases for line in _restore_alias(name)]
        lines += ["    functions -e pipl_env_restore", "end"]
        lines += [line for name in environment.variables for line in _save(name)]
        lines += [
            f"functions -q {name}; and functions -c {name} _pipl_alias_{name}"
            for name in environment.aliases
        ]
        return {"env.fish": "\n".join(lines) + "\n" + self.script(environment)}


def _save(name: str) -> list[str]:
    return [
        f"if set -qgx {name}; set -g _pipl_had_{name} exported; set -g _pipl_old_{name} ${name}",
        f"else if set -qg {name}; set -g _pipl_had_{name} set; set -g _pipl_old_{name} ${name}",
        f"else; set -g _pipl_had_{name} unset; end",
    ]


def _restore(name: str) -> list[str]:
    return [
        f'if test "$_pipl_had_{name}" = exported; set -gx {name} $_pipl_old_{name}',
        f'else if test "$_pipl_had_{name}" = set; set -gu {name} $_pipl_old_{name}',
        f"else; set -eg {name}; end",
        f"set -eg _pipl_had_{name}; set -eg _pipl_old_{name}",
    ]


def _restore_alias(name: str) -> list[str]:
    return [
        f"functions -e {name}",
        f"if functions -q _pipl_alias_{name}",
        f"    functions -c _pipl_alias_{name} {name}; functions -e _pipl_alias_{name}",
        "end",
    ]


def _set(name: str, variable: Variable) -> str:
    alone = f"set -gx {name} {_quoted(variable.applied_to(None))}"
    if variable.setter is not None:
        return alone
    # No command substitution here: fish would split what it gives into lines.
    before = "".join(_quoted(step.value + os.pathsep) for step in variable.before)
    after = "".join(_quoted(os.pathsep + step.value) for step in variable.after)
    extended = f'set -gx {name} {before}"${name}"{after}'
    return f'if test -n "${name}"; {extended}; else; {alone}; end'


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
