"""Types that code defines, known as soon as their module is imported."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

from .errors import PipelineError

Cls = TypeVar("Cls", bound=type)

_classes: dict[tuple[str, str], tuple[str, Any]] = {}
"""Kind and class, by module and qualified name, so that an import anew replaces the class."""


def registered(cls: Cls) -> Cls:
    """Make a class one of the types of this environment, once its module is imported.

    For a type that a packl uses itself: `@registered` above `class MayaAscii(AssetType):`. What
    others look up by name belongs into an entry point, which is found without an import.

    Args:
        cls: A class derived from `AssetType`, `Product` or `Task`, with a `type_name` of its own.

    Raises:
        PipelineError: It is another class, or has no `type_name`.
    """
    kind = kind_of(cls)
    if "type_name" not in vars(cls) or not isinstance(vars(cls)["type_name"], str):
        msg = f"The {kind} type {cls.__qualname__} has no name."
        hint = 'Give it one: type_name = "maya_ascii".'
        raise PipelineError(msg, context=f"It is in {cls.__module__}.", hint=hint)
    _classes[cls.__module__, cls.__qualname__] = (kind, cls)
    return cls


def kind_of(cls: object) -> str:
    """Return the kind of a type's class: `asset`, `product` or `task`.

    Raises:
        PipelineError: It is the class of no type.
    """
    from ._assets import AssetType
    from ._products import Product
    from ._tasks import Task

    # A Task is a Product, too.
    for kind, base in (("asset", AssetType), ("task", Task), ("product", Product)):
        if isinstance(cls, type) and issubclass(cls, base):
            return kind
    msg = f"{cls!r:.100} is no type."
    raise PipelineError(msg, hint="Derive it from AssetType, Product or Task.")


def registered_types(kind: str) -> list[Any]:
    """List the classes of a kind whose modules are imported."""
    return [
        cls
        for (module, _), (its_kind, cls) in sorted(_classes.items(), key=lambda item: item[0])
        if its_kind == kind and module in sys.modules
    ]
