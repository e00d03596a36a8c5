"""cmd, the old shell of Windows."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipl_hooks import Environment, Variable

_ACTIVE = frozenset("&|<>^()")


class CmdFormat:
    """Text that cmd reads. A value of several lines cannot be said in it, and is left out."""

    def script(self, environment: Environment) -> str:
        """Return variables and macros."""
        lines = [_set(name, variable) for name, variable in environment.variables.items()]
        lines += [f"@doskey {n}={alias.command} $*" for n, alias in environment.aliases.items()]
        return "".join(f"{line}\r\n" for line in lines)

    def activation(self, environment: Environment) -> Mapping[str, str]:
        """Return the script that sets everything, and the one that restores."""
        save = ["@rem Written by pipl; called by activate.bat."]
        save += [f'@set "_pipl_old_{name}=%{name}%"' for name in environment.variables]
        restore = ["@rem Written by pipl; called by deactivate.bat."]
        for name in environment.variables:
            restore += [f'@set "{name}=%_pipl_old_{name}%"', f"@set _pipl_old_{name}="]
        restore += [f"@doskey {name}=" for name in environment.aliases]
        return {
            "env.bat": "".join(f"{line}\r\n" for line in save) + self.script(environment),
            "env-restore.bat": "".join(f"{line}\r\n" for line in restore),
        }


def assignment(name: str, value: str) -> str:
    """Return the command that sets a variable.

    What is special outside of quotation marks is escaped where one in the value ends them.
    """
    text, inside = "", True
    for character in value.replace("%", "%%"):
        inside ^= character == '"'
        text += f"^{character}" if not inside and character in _ACTIVE else character
    return f'set "{name}={text}"'


def _set(name: str, variable: Variable) -> str:
    value = variable.applied_to(None)
    if "\n" in value or "\r" in value:
        return f"@rem {name} has several lines, which cmd cannot hold."
    alone = assignment(name, value)
    if variable.setter is not None:
        return f"@{alone}"
    before = "".join(step.value + os.pathsep for step in variable.before).replace("%", "%%")
    after = "".join(os.pathsep + step.value for step in variable.after).replace("%", "%%")
    extended = f'set "{name}={before}%{name}%{after}"'
    return f"@if defined {name} ({extended}) else ({alone})"
