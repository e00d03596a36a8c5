"""Put a dot between packl and Asset, as in `sh010_anim_usd.anim.usda`."""

from __future__ import annotations

from pipl_hooks import hookimpl


@hookimpl
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str:
    """Name a file so that the name of the packl is seen to end."""
    return f"{packl}.{asset}{suffix}"
