"""Put a note for the artist into each new workspace."""

from __future__ import annotations

from pathlib import Path

from pipl_hooks import hookimpl


@hookimpl
def pipl_workspace_created(workspace: Path) -> None:
    """Say how to begin."""
    text = f"Type `pipl work shell` to work in {workspace.name}.\n"
    (workspace / "README.txt").write_text(text, encoding="utf-8")
