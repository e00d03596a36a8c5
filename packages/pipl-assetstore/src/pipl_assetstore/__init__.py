"""The default asset store of pipl: content-addressed, on a local or shared folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._objects import Objects
from ._store import FolderStore
from .errors import AssetStoreError

__all__ = ["AssetStoreError", "FolderStore", "Objects", "StoreConfig", "make_store"]


@dataclass(frozen=True)
class StoreConfig:
    """The config `asset_store`.

    Attributes:
        root: Folder of the store.
    """

    root: str


def make_store(config: Mapping[str, Any]) -> FolderStore:
    """Make the service `asset_store`.

    Args:
        config: `root` is the folder of the store.

    Raises:
        AssetStoreError: The configuration names no folder.
    """
    root = config.get("root")
    if not isinstance(root, str) or not root:
        msg = f"The config of asset_store has no folder: root is {root!r}."
        hint = "Set root in [config.asset_store] of pipl.toml, or by the hook pipl_config."
        raise AssetStoreError(msg, hint=hint)
    return FolderStore(Path(root))
