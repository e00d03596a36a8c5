"""pipl's own answers to the hooks of a workspace; a studio's always win over them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from pipl_hooks import PluginSource, entry_points, hookimpl

from ._settings import settings
from .errors import PipelineError

CONFIG_GROUP = "pipl_pipe.config"
SERVICES_GROUP = "pipl_pipe.services"


@hookimpl(trylast=True)
def pipl_config() -> Mapping[str, Mapping[str, Any]]:
    """Give what the entry points of `pipl_pipe.config` declare, and over it the project's layer.

    So a studio's packl has the defaults, and a project's `pipl.toml` the last word.
    """
    merged: dict[str, dict[str, Any]] = {}
    for source, point in entry_points(CONFIG_GROUP):
        config = point.load()
        if not isinstance(config, Mapping):
            msg = f"The config {source.name!r} of {source.packl} is not a mapping."
            raise PipelineError(msg, context=f"{source.module} is {config!r:.200}.")
        merged.setdefault(source.name, {}).update(config)
    with contextlib.suppress(PipelineError):  # an environment that pipl did not make has no layer
        for name, values in settings().config.items():
            merged.setdefault(name, {}).update(values)
    return merged


@hookimpl(trylast=True)
def pipl_service(name: str, config: Mapping[str, Any]) -> object | None:
    """Make the service that an entry point of `pipl_pipe.services` declares."""
    found = [
        (source, point) for source, point in entry_points(SERVICES_GROUP) if point.name == name
    ]
    if not found:
        return None
    if len(found) > 1:
        raise clash("service", name, found[0][0], found[1][0])
    factory = found[0][1].load()
    service: object = factory(config)
    return service


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


def clash(what: str, name: str, one: PluginSource, other: PluginSource) -> PipelineError:
    """Make the error for a name that two packls give."""
    packls = " and ".join(f"{source.packl} {source.version}" for source in (one, other))
    msg = f"Two packls give the {what} {name!r}: {packls}."
    return PipelineError(msg, hint="Uninstall one of them, or rename one.")
