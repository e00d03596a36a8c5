"""What a Task of the sample show works from: its entity, its shot's frames, its dependencies."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from pipl_pipe import PipelineError, services

if TYPE_CHECKING:
    from pipl_pipe import Product

_FRAMES = re.compile(r"([0-9]+)-([0-9]+)\Z")


def entity_value(product: Product, key: str) -> str:
    """Return what a packl's entity says of `key`.

    Raises:
        PipelineError: It says nothing of it.
    """
    try:
        return product.entity[key]
    except KeyError:
        msg = f"The entity of {product.name} has no {key!r}."
        context = f"It has: {', '.join(product.entity) or 'nothing'}."
        hint = f"A packl of the type {product.type_name!r} needs it in its packl.toml."
        raise PipelineError(msg, context=context, hint=hint) from None


def frame_range(product: Product) -> tuple[int, int]:
    """Return the first and last frame of a packl's shot, from `frames` of its entity.

    Raises:
        PipelineError: The entity has no frames, or they are no range.
    """
    text = entity_value(product, "frames")
    found = _FRAMES.match(text)
    if not found or int(found[1]) > int(found[2]):
        msg = f"The entity of {product.name} has the frames {text!r}, which are no range."
        raise PipelineError(msg, hint="Write the first and the last frame: 1001-1048.")
    return int(found[1]), int(found[2])


def sample_config() -> dict[str, Any]:
    """Return the studio's configuration."""
    return dict(services.config["sample"])


def single_dependency(product: Product, type_name: str) -> Any:  # noqa: ANN401  its class varies
    """Return the one Product of that type on which a packl depends.

    Raises:
        PipelineError: There is none, or more than one.
    """
    found = product.dependencies(type=type_name)
    if len(found) != 1:
        names = ", ".join(each.name for each in found) or "none"
        msg = f"{product.name} needs one Product of the type {type_name!r} among its dependencies."
        raise PipelineError(msg, context=f"It has: {names}.", hint="pipl packl add NAME")
    return found[0]


def make_dependencies_readable(product: Product) -> None:
    """Have the asset store show all Assets on which a packl depends at their locations."""
    for dependency in product.dependencies():
        for asset in dependency.assets.values():
            if asset.reference is not None:
                asset.path()


def seed_of(text: str) -> int:
    """Return a number that looks random, and is the same for a text everywhere and always."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
