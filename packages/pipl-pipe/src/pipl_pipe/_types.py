"""Types by name: of Assets, Products and Tasks."""

from __future__ import annotations

import functools
from typing import Any

from pipl_hooks import NAMESPACE, PluginSource, entry_points

from ._plugins import plugins
from .errors import PipelineError
from .plugin import clash

KINDS = ("asset", "product", "task")


def type_named(kind: str, name: str) -> Any:  # noqa: ANN401  a class that its kind determines
    """Return the class of a type, importing only the packl that gives it.

    Args:
        kind: `asset`, `product` or `task`.
        name: Name of the type.

    Raises:
        PipelineError: No packl gives it, or two do.
    """
    given = _from_hooks(kind)
    if name in given:
        return given[name]
    points = [(source, p) for source, p in entry_points(f"pipl_pipe.{kind}_type") if p.name == name]
    if not points:
        msg = f"No packl in this environment gives the {kind} type {name!r}."
        context = f"There are: {', '.join(type_names(kind)) or 'none'}."
        hint = f"Check the spelling, or `pipl work install` the packl that gives {name!r}."
        raise PipelineError(msg, context=context, hint=hint)
    if len(points) > 1:
        raise clash(f"{kind} type", name, points[0][0], points[1][0])
    source, point = points[0]
    return _checked(kind, name, point.load(), source)


def type_names(kind: str) -> list[str]:
    """List the names of all types of a kind, sorted."""
    declared = {point.name for _, point in entry_points(f"pipl_pipe.{kind}_type")}
    return sorted(declared | set(_from_hooks(kind)))


def type_source(cls: type) -> str:
    """Return the distribution that a type's class comes from.

    Raises:
        PipelineError: It comes from none.
    """
    module = cls.__module__.partition(".")[0]
    # A type comes by an entry point of its own, or by a plugin that answers `pipl_task_types`.
    for group in (*(f"pipl_pipe.{kind}_type" for kind in KINDS), NAMESPACE):
        for source, point in entry_points(group):
            if point.module.partition(".")[0] == module:
                return source.packl
    msg = f"The type {cls.__qualname__} of the module {cls.__module__} comes from no packl."
    raise PipelineError(msg, hint="Declare it as an entry point of a packl.")


def type_target(kind: str, cls: type) -> str:
    """Return from where packls import a type's class: `module:Class`, as its packl declares it."""
    for _, point in entry_points(f"pipl_pipe.{kind}_type"):
        if point.name == getattr(cls, "type_name", None) and point.load() is cls:
            return point.value
    return f"{cls.__module__}:{cls.__qualname__}"


@functools.cache
def _from_hooks(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for classes in getattr(plugins().hook, f"pipl_{kind}_types")():
        for cls in classes:
            other = found.setdefault(cls.type_name, cls)
            if other is not cls:
                msg = f"Two plugins give the {kind} type {cls.type_name!r}."
                raise PipelineError(msg, context=f"{other.__module__} and {cls.__module__}.")
    return found


def _checked(kind: str, name: str, cls: Any, source: PluginSource) -> Any:  # noqa: ANN401
    if getattr(cls, "type_name", None) != name:
        msg = f"{source.packl} declares the {kind} type {name!r}, but its class says otherwise."
        context = f"{source.module} has type_name = {getattr(cls, 'type_name', None)!r}."
        raise PipelineError(msg, context=context, hint="Make both names the same.")
    return cls
