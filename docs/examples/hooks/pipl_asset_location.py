"""Sort the asset store by sequence: `sq010/sh010_anim_usd/v1.0.0/anim`."""

from __future__ import annotations

from pipl_hooks import hookimpl


@hookimpl
def pipl_asset_location(packl: str, revision: str, asset: str) -> str:
    """Begin with the part of the packl's name before the first underscore."""
    return f"{packl.partition('_')[0]}/{packl}/v{revision}/{asset}"
