"""The studio's answers to pipl's hooks."""

from __future__ import annotations

from pipl_hooks import hookimpl


@hookimpl
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str:
    """Put a dot between packl and Asset: `sh010_anim_usd.anim.usda`.

    Names of packls have underscores, so a dot shows where the name of the packl ends.
    """
    return f"{packl}.{asset}{suffix}"
