"""Know Alembic files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipl_hooks import Problem, hookimpl
from pipl_pipe import AssetType


class AlembicAsset(AssetType):
    """A cache of geometry in an Ogawa file, which begins with that word."""

    type_name = "abc"
    suffix = ".abc"

    def check(self, path: Path) -> Iterable[Problem]:
        """Look at its first bytes."""
        if path.read_bytes()[:5] != b"Ogawa":
            yield Problem(f"{path.name} is no Alembic file.", "Export it as Ogawa.")


@hookimpl
def pipl_asset_types() -> Iterable[type]:
    """Give the type `abc`."""
    return [AlembicAsset]
