"""Let the config of the asset store say where this studio mirrors it."""

from __future__ import annotations

from dataclasses import dataclass

from pipl_hooks import hookimpl


@dataclass
class MirroredStore:
    """What `[config.asset_store]` may say here."""

    root: str
    mirror: str = "/mnt/mirror"


@hookimpl
def pipl_config_schema(name: str) -> type | None:
    """Take the place of the schema of pipl's own asset store."""
    return MirroredStore if name == "asset_store" else None
