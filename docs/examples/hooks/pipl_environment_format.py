"""Export environments for nushell: `pipl env export --format nu`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipl_hooks import Environment, hookimpl


class NuFormat:
    """Text that nushell reads; it has no activation of its own."""

    def script(self, environment: Environment) -> str:
        """Set the variables that do not depend on what was there."""
        values = {name: var.setter for name, var in environment.variables.items() if var.setter}
        return "".join(f"$env.{n} = {json.dumps(step.value)}\n" for n, step in values.items())

    def activation(self, environment: Environment) -> Mapping[str, str]:  # noqa: ARG002
        """Give no scripts."""
        return {}


@hookimpl
def pipl_environment_format(name: str) -> NuFormat | None:
    """Give the format `nu`; the others stay pipl's."""
    return NuFormat() if name == "nu" else None
