"""PowerShell, on Windows and elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipl_hooks import Environment, Variable


class PowershellFormat:
    """Text that PowerShell 5 and later read."""

    def script(self, environment: Environment) -> str:
        """Return variables, and functions for the aliases."""
        lines = [_set(name, variable) for name, variable in environment.variables.items()]
        lines += [
            f"function global:{name} {{ {alias.command} @args }}"
            for name, alias in environment.aliases.items()
        ]
        return "".join(f"{line}\n" for line in lines)

    def activation(self, environment: Environment) -> Mapping[str, str]:
        """Return the script that sets everything, and defines `pipl_env_restore`."""
        lines = ["# Written by pipl; sourced by activate.ps1.", "$global:_pipl_old = @{}"]
        lines += [f"$global:_pipl_old['{name}'] = $env:{name}" for name in environment.variables]
        lines.append("$global:_pipl_functions = @{}")
        lines += [
            f"$global:_pipl_functions['{name}'] = $function:{name}" for name in environment.aliases
        ]
        lines += _RESTORE
        return {"env.ps1": "\n".join(lines) + "\n" + self.script(environment)}


# .NET tells an empty variable from none in PowerShell 7.5 and later alone.
_RESTORE = [
    "function global:pipl_env_restore {",
    "    foreach ($name in $global:_pipl_old.Keys) {",
    '        [Environment]::SetEnvironmentVariable($name, $global:_pipl_old[$name], "Process")',
    "    }",
    "    foreach ($name in $global:_pipl_functions.Keys) {",
    '        Remove-Item -Path "function:$name" -ErrorAction SilentlyContinue',
    "        if ($global:_pipl_functions[$name]) {",
    '            Set-Item -Path "function:global:$name" -Value $global:_pipl_functions[$name]',
    "        }",
    "    }",
    "    Remove-Variable -Name _pipl_old, _pipl_functions -Scope Global",
    "    Remove-Item -Path function:pipl_env_restore",
    "}",
]


def _set(name: str, variable: Variable) -> str:
    if variable.setter is not None:
        return f"$env:{name} = {_quoted(variable.applied_to(None))}"
    before = ", ".join(_quoted(step.value) for step in variable.before)
    after = ", ".join(_quoted(step.value) for step in variable.after)
    entries = f"@({before}) + @($env:{name} | Where-Object {{ $_ }}) + @({after})"
    return f"$env:{name} = ({entries}) -join {_quoted(os.pathsep)}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
