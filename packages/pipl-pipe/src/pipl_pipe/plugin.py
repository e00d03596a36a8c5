"""pipl's own answers to the hooks of a workspace; a studio's always win over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipl_hooks import hookimpl

from ._schema import declared_schema
from ._services import declared_service


@hookimpl(trylast=True)
def pipl_config_schema(name: str) -> type | None:
    """Give the schema that an entry point of `pipl_pipe.config_schema` declares."""
    return declared_schema(name)


@hookimpl(trylast=True)
def pipl_service(name: str, config: Mapping[str, Any]) -> object | None:
    """Make the service that an entry point of `pipl_pipe.services` declares."""
    return declared_service(name, config)


@hookimpl(trylast=True)
def pipl_product_name(task: str, output: str) -> str:
    """Name a Product after its Task and the output: `sh010_anim_usd`."""
    return f"{task}_{output}"


@hookimpl(trylast=True)
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str:
    """Name a file after its packl and Asset: `sh010_anim_usd_anim.usda`."""
    return f"{packl}_{asset}{suffix}"


@hookimpl(trylast=True)
def pipl_asset_location(packl: str, revision: str, asset: str) -> str:
    """Put each revision into a folder of its own: `sh010_anim_usd/1.0.0/anim`."""
    return f"{packl}/{revision}/{asset}"
