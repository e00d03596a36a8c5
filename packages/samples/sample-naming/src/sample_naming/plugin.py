"""How this studio names things: the base names of files, and where the store shows them."""

from __future__ import annotations

from pipl_hooks import hookimpl


@hookimpl
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str:
    """Put a dot between packl and Asset: `sq010_sh010_anim_usd.anim.usda`.

    Names of packls have underscores, so a dot shows where the name of the packl ends.
    """
    return f"{packl}.{asset}{suffix}"


@hookimpl
def pipl_asset_location(packl: str, revision: str, asset: str) -> str:
    """Sort by sequence or kind of asset: `sq010/sq010_sh010_anim_usd/v1.0.0/anim`."""
    return f"{packl.partition('_')[0]}/{packl}/v{revision}/{asset}"
