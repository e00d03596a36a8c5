"""What the tool side tells an environment that it makes: `pipl.json` in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import shapes
from .errors import FormatError

FILE_NAME = "pipl.json"
"""Lies in the folder of the virtualenv."""

FORMAT = 1


@dataclass(frozen=True)
class Settings:
    """What an environment knows of the project that it belongs to.

    Attributes:
        tool: Command of the tool side, as a list of arguments.
        project: Folder of the project; None in a clean environment, which is not told.
        config: The project's own layer of configuration, by the names of services.
        offline: Whether the service `asset_store` is the one of the name `local_assets`, which
            has its Assets beside the workspace.
    """

    tool: Sequence[str]
    project: Path | None
    config: Mapping[str, Mapping[str, Any]]
    offline: bool = False

    def to_text(self) -> str:
        """Return the text of `pipl.json`."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "tool": list(self.tool),
            "project": str(self.project or ""),
            "config": self.config,
        }
        if self.offline:
            data["offline"] = True
        return json.dumps(data, indent=2) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Settings:
        """Read `pipl.json`.

        Raises:
            FormatError: It has another format.
        """
        try:
            data = json.loads(text)
            shapes.number(data["format"], "format", FORMAT, FORMAT)
            tool, project = (
                shapes.texts(data["tool"], "tool"),
                shapes.text(data["project"], "project"),
            )
            config = shapes.tables(data["config"], "config")
            offline = data.get("offline") is True
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = "pipl.json cannot be read."
            raise FormatError(msg, context=str(error)) from error
        return cls(
            tool=tool,
            project=Path(project) if project else None,
            config=config,
            offline=offline,
        )
