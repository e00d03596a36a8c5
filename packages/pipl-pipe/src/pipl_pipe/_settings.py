"""What the tool side tells an environment that it makes."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import PipelineError

FILE_NAME = "pipl.json"
"""Lies in the folder of the virtualenv."""

FORMAT = 1


@dataclass(frozen=True)
class Settings:
    """What an environment knows of the project that it belongs to.

    Attributes:
        tool: Command of the tool side, as a list of arguments.
        project: Folder of the project.
        config: The project's own layer of configuration, by the names of services.
    """

    tool: Sequence[str]
    project: Path
    config: Mapping[str, Mapping[str, Any]]

    def to_text(self) -> str:
        """Return the text of `pipl.json`."""
        data = {
            "format": FORMAT,
            "tool": list(self.tool),
            "project": str(self.project),
            "config": self.config,
        }
        return json.dumps(data, indent=2) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Settings:
        """Read `pipl.json`.

        Raises:
            ValueError: It has another format.
            KeyError: Something is missing in it.
        """
        data = json.loads(text)
        if data["format"] != FORMAT:
            msg = f"format {data['format']!r} is not known here"
            raise ValueError(msg)
        return cls(tool=data["tool"], project=Path(data["project"]), config=data["config"])


@functools.cache
def settings() -> Settings:
    """Return the settings of this environment.

    Raises:
        PipelineError: pipl did not make this environment.
    """
    path = Path(sys.prefix) / FILE_NAME
    try:
        return Settings.from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = "This is not the environment of a workspace."
        context = f"{path}: {error}"
        hint = "Make a workspace with `pipl work create NAME`."
        raise PipelineError(msg, context=context, hint=hint) from error
