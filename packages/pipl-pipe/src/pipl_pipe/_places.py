"""Where Assets can be read: asked of the plugins when a revision is made, and recorded with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipl_hooks import AssetReference, FormatError
from pipl_hooks.assets import check_base_name, check_location

from ._plugins import plugins
from ._types import type_named
from .errors import PipelineError

if TYPE_CHECKING:
    from ._assets import AssetType


def placed(packl: str, reference: AssetReference) -> AssetReference:
    """Return a reference that tells its place.

    What was recorded when the revision was made stands, whatever plugins are here now. Only of
    what was made before places were recorded, the plugins are asked.

    Raises:
        PipelineError: A plugin's answer is no place in a store.
    """
    if reference.location and reference.base_name:
        return reference
    folder = reference.location or str(location(packl, reference.revision, reference.name))
    name = reference.base_name or base_name(
        packl, reference.name, type_named("asset", reference.type)()
    )
    return replace(reference, location=folder, base_name=name)


def base_name(packl: str, asset: str, type_: AssetType) -> str:
    """Return the name of an Asset's file, as the hook `pipl_asset_base_name` gives it now.

    Raises:
        PipelineError: A plugin's answer is no name of a file.
    """
    suffix = type_.suffix if type_.shape == "file" else ""
    name: str = plugins().ask("pipl_asset_base_name", packl=packl, asset=asset, suffix=suffix)
    try:
        return check_base_name(str(name))
    except FormatError as error:
        msg = f"A plugin named the file of the Asset {asset!r} of {packl} {name!r:.200}."
        hint = "pipl_asset_base_name must answer with a name that every platform allows, no path."
        raise PipelineError(msg, context=error.message, hint=hint) from error


def location(packl: str, revision: str, asset: str) -> PurePosixPath:
    """Return an Asset's folder below the store's products, as `pipl_asset_location` gives it now.

    Raises:
        PipelineError: A plugin's answer would leave the store, or not every platform allows it.
    """
    answer = plugins().ask("pipl_asset_location", packl=packl, revision=revision, asset=asset)
    path = PurePosixPath(str(answer))
    try:
        check_location(str(path))
    except FormatError as error:
        msg = f"A plugin put the Asset {asset!r} of {packl} at {str(answer)!r:.200}."
        hint = "pipl_asset_location must answer with a relative path that every platform allows."
        raise PipelineError(msg, context=error.message, hint=hint) from error
    return path
