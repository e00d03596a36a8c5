"""Types by name: of Assets, Products and Tasks."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Callable

from pipl_hooks import PluginSource, entry_points
from pipl_hooks.installed import one_line, source_of_module

from ._missing import explained
from ._plugins import plugins
from ._points import clash, load
from ._registered import registered_types
from .errors import PipelineError, UnknownTypeError

KINDS = ("asset", "product", "task")


@dataclass(frozen=True)
class GivenType:
    """A type, and the road by which it came here.

    Attributes:
        source: The packl that gives it, and what names its class there.
        load: Imports the class, where an entry point names it.
    """

    source: PluginSource
    load: Callable[[], Any]


class Types(Mapping[str, Any]):
    """The types of a kind by name; each is imported when it is asked for.

    Args:
        kind: `asset`, `product` or `task`.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  a class that its kind determines
        """Return the class of a type.

        Raises:
            UnknownTypeError: No packl gives it, which is a KeyError, too.
            PipelineError: Two packls give it.
        """
        return type_named(self._kind, name)

    def __contains__(self, name: object) -> bool:
        """Tell whether somebody gives a type, without importing it."""
        return name in type_names(self._kind)

    def __iter__(self) -> Iterator[str]:
        """List the names."""
        return iter(type_names(self._kind))

    def __len__(self) -> int:
        """Count the names."""
        return len(type_names(self._kind))


def type_named(kind: str, name: str) -> Any:  # noqa: ANN401  a class that its kind determines
    """Return the class of a type, importing only the packl that gives it.

    Args:
        kind: `asset`, `product` or `task`.
        name: Name of the type.

    Raises:
        UnknownTypeError: No packl gives it.
        PipelineError: Two packls give it, or it cannot be imported.
    """
    given = list(_given(kind, name))
    if not given:
        msg = f"No packl in this environment gives the {kind} type {name!r}."
        group, there = f"pipl_pipe.{kind}_type", type_names(kind)
        raise UnknownTypeError(msg, lambda: explained(group, name, there))
    first, *others = given
    for other in others:
        if other.source.packl != first.source.packl:
            raise clash(f"{kind} type", name, first.source, other.source)
    cls = first.load()
    for other in others:  # by another road, but the same class
        if other.load() is not cls:
            raise clash(f"{kind} type", name, first.source, other.source)
    return cls


def type_names(kind: str) -> list[str]:
    """List the names of all types of a kind, sorted."""
    declared = {point.name for _, point in entry_points(f"pipl_pipe.{kind}_type")}
    hooked = {cls.type_name for _, cls in _from_hooks(kind)}
    return sorted(declared | hooked | {cls.type_name for cls in registered_types(kind)})


def type_source(cls: type) -> str:
    """Return the distribution that a type's class comes from.

    Raises:
        PipelineError: It comes from none.
    """
    source = source_of_module(cls.__module__)
    if source is None:
        msg = f"The type {cls.__qualname__} of the module {cls.__module__} comes from no packl."
        raise PipelineError(msg, hint="Declare it as an entry point of a packl.")
    return source.packl


def type_target(kind: str, cls: type) -> str:
    """Return from where packls import a type's class: `module:Class`, as its packl declares it."""
    for _, point in entry_points(f"pipl_pipe.{kind}_type"):
        if point.name == getattr(cls, "type_name", None) and point.load() is cls:
            return point.value
    return _place(cls)


def _given(kind: str, name: str) -> Iterator[GivenType]:
    for source, point in entry_points(f"pipl_pipe.{kind}_type"):
        if point.name == name:
            yield GivenType(source, functools.partial(_declared, kind, source, point))
    for source, cls in _from_hooks(kind):
        if cls.type_name == name:
            yield GivenType(source, functools.partial(_itself, cls))
    for cls in registered_types(kind):
        if cls.type_name == name:
            known = source_of_module(cls.__module__)
            packl, version = (known.packl, known.version) if known else (cls.__module__, "")
            source = PluginSource(name, packl, version, _place(cls))
            yield GivenType(source, functools.partial(_itself, cls))


@functools.cache
def _from_hooks(kind: str) -> list[tuple[PluginSource, Any]]:
    hook = f"pipl_{kind}_types"
    found = []
    # The plugin registered first comes first, as with entry points.
    for source, answer in reversed(list(plugins().each(hook))):
        msg = f"The plugin {source.name} of {source} gives {kind} types that are none."
        try:
            classes = list(answer)
        except Exception as error:  # not a list, or a generator that fails
            raise PipelineError(msg, context=f"{hook}: {one_line(error)}") from error
        for cls in classes:
            if not (isinstance(cls, type) and isinstance(getattr(cls, "type_name", None), str)):
                context = f"{hook} answered {cls!r:.100}, which is no class with a type_name."
                raise PipelineError(msg, context=context)
            place = _place(cls)
            found.append((PluginSource(source.name, source.packl, source.version, place), cls))
    return found


def _declared(kind: str, source: PluginSource, point: Any) -> Any:  # noqa: ANN401
    cls = load(source, point, f"{kind} type")
    if getattr(cls, "type_name", None) != point.name:
        msg = (
            f"{source.packl} declares the {kind} type {point.name!r}, but its class says otherwise."
        )
        context = f"{source.module} has type_name = {getattr(cls, 'type_name', None)!r}."
        raise PipelineError(msg, context=context, hint="Make both names the same.")
    return cls


def _itself(cls: Any) -> Any:  # noqa: ANN401
    return cls


def _place(cls: type) -> str:
    return f"{cls.__module__}:{cls.__qualname__}"
