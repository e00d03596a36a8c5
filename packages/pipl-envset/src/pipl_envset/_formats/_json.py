"""JSON, for programs: the values that a process gets."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from pipl_hooks import Environment


class JsonFormat:
    """An object with the final value of each variable, given those of this process."""

    def script(self, environment: Environment) -> str:
        """Return the object."""
        applied = environment.applied_to(os.environ)
        values = {name: applied[name] for name in sorted(environment.variables)}
        return json.dumps(values, indent=2) + "\n"

    def activation(self, environment: Environment) -> Mapping[str, str]:  # noqa: ARG002
        """Return nothing: programs do not activate."""
        return {}
