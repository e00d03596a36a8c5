"""Keep the Assets of a show that is over from being changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipl_assetstore import AssetStoreError, FolderStore
from pipl_hooks import Manifest, hookimpl


class ArchivedStore(FolderStore):
    """A store that can be read only."""

    def put(self, source: Path, shape: str, suffix: str = "") -> Manifest:  # noqa: ARG002
        """Refuse."""
        msg = "This show is archived."
        raise AssetStoreError(msg, hint="Ask production to open it again.")


@hookimpl
def pipl_service(name: str, config: Mapping[str, Any]) -> object | None:
    """Take the place of pipl's own asset store."""
    return ArchivedStore(Path(config["root"])) if name == "asset_store" else None
