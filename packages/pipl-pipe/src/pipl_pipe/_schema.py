"""Schemas of configs: dataclasses whose fields name the keys, their types and their defaults."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipl_hooks import PluginSource
from pipl_hooks.installed import one_line
from pipl_hooks.secrets import masked

from ._plugins import plugins
from ._points import load, the_point
from .errors import PipelineError

SCHEMA_GROUP = "pipl_pipe.config_schema"
_WHAT = "config schema"
_OWN = "pipl_pipe.plugin"
_MISSING = dataclasses.MISSING
_PLAIN = (str, int, float, bool)


@dataclass(frozen=True)
class Schema:
    """What the keys of a config are.

    Attributes:
        source: Where it comes from.
        types: Types by key.
        defaults: Values of keys that nobody needs to give.
    """

    source: PluginSource
    types: Mapping[str, Any]
    defaults: Mapping[str, Any]

    def check(self, name: str, source: str, values: Mapping[str, Any]) -> list[PipelineError]:
        """Return what is wrong with one layer of a config.

        Args:
            name: Name of the config.
            source: Where the layer comes from.
            values: What it says.
        """
        found = []
        for key, value in values.items():
            if key not in self.types:
                found.append(self._unknown(name, source, key))
            elif not fits(value, self.types[key]):
                msg = f"The config {name!r} of {source} has a wrong value for {key!r}."
                shown = masked({key: value})[key]
                got = f"{shown!r:.100} ({type(value).__name__})"
                expected = type_text(self.types[key])
                found.append(PipelineError(msg, context=f"Expected {expected}, got {got}."))
        return found

    def missing(self, name: str, given: set[str]) -> list[PipelineError]:
        """Return an error for each key that somebody has to give, and nobody does."""
        return [
            PipelineError(
                f"The config {name!r} has no {key!r}.",
                context=f"{self.source} needs it: {type_text(type_)}.",
                hint=f"Set it in [config.{name}] of the project's pipl.toml, or in a packl.",
            )
            for key, type_ in self.types.items()
            if key not in given and key not in self.defaults
        ]

    def _unknown(self, name: str, source: str, key: str) -> PipelineError:
        import difflib

        msg = f"The config {name!r} of {source} has the unknown key {key!r}."
        known = ", ".join(f"{each} ({type_text(self.types[each])})" for each in self.types)
        near = difflib.get_close_matches(key, self.types, 1)
        hint = (
            f"Did you mean {near[0]!r}?"
            if near
            else f"Remove it, or install a packl that gives {name!r} another schema."
        )
        return PipelineError(msg, context=f"{self.source} knows: {known or 'none'}.", hint=hint)


def schema_of(name: str) -> Schema | None:
    """Return the schema of a config, or None where it may hold anything.

    Raises:
        PipelineError: The schema is none.
    """
    for source, answer in plugins().each("pipl_config_schema", name=name):
        declared = the_point(SCHEMA_GROUP, name, _WHAT) if source.name == _OWN else None
        return _read(answer, declared[0] if declared else source, name)
    return None


def declared_schema(name: str) -> type | None:
    """Return what an entry point of `pipl_pipe.config_schema` declares."""
    found = the_point(SCHEMA_GROUP, name, _WHAT)
    if found is None:
        return None
    cls: type = load(*found, _WHAT)
    return cls


def fits(value: Any, type_: Any) -> bool:  # noqa: ANN401, PLR0911  one line for each kind of type
    """Tell whether a value is of a type; a whole number serves as a float, True as no number."""
    origin, arguments = get_origin(type_), get_args(type_)
    if type_ is Any:
        return True
    if type_ is None or type_ is type(None):
        return value is None
    if type_ is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if type_ in _PLAIN:
        return isinstance(value, type_) and (type_ is bool or not isinstance(value, bool))
    if _is_union(origin):
        return any(fits(value, each) for each in arguments)
    if origin is Literal:
        return any(value == each and type(value) is type(each) for each in arguments)
    if origin is list or type_ is list:
        inner = arguments[0] if arguments else Any
        return isinstance(value, (list, tuple)) and all(fits(each, inner) for each in value)
    keys, values = arguments or (Any, Any)  # a dict, as nothing else is left
    return isinstance(value, Mapping) and all(
        fits(key, keys) and fits(each, values) for key, each in value.items()
    )


def type_text(type_: Any) -> str:  # noqa: ANN401  whatever an annotation may be
    """Return a type as people write it: `list[str]`, `int or None`."""
    origin, arguments = get_origin(type_), get_args(type_)
    if _is_union(origin):
        return " or ".join(map(type_text, arguments))
    if origin is Literal:
        return " or ".join(map(repr, arguments))
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(type_text, arguments))}]"
    if type_ is Any:
        return "Any"
    return "None" if type_ is type(None) else str(getattr(type_, "__name__", type_))


def _read(answer: Any, source: PluginSource, name: str) -> Schema:  # noqa: ANN401
    msg = f"The schema of the config {name!r} of {source} cannot be used."
    if not (isinstance(answer, type) and dataclasses.is_dataclass(answer)):
        raise PipelineError(msg, context=f"It is no dataclass but {answer!r:.100}.")
    try:
        hints = get_type_hints(answer)
    except Exception as error:
        hint = "Python before 3.10 needs Optional[str] for `str | None`."
        raise PipelineError(msg, context=one_line(error), hint=hint) from error
    by_key, defaults = {}, {}
    for field in dataclasses.fields(answer):
        by_key[field.name] = hints[field.name]
        if not _is_known(hints[field.name]):
            hint = "Use str, int, float, bool, list, dict, Optional, Union, Literal or Any."
            context = f"{field.name} is {type_text(hints[field.name])}."
            raise PipelineError(msg, context=context, hint=hint)
        if field.default is not _MISSING:
            defaults[field.name] = field.default
        elif field.default_factory is not _MISSING:
            defaults[field.name] = field.default_factory()
    return Schema(source, by_key, defaults)


def _is_known(type_: Any) -> bool:  # noqa: ANN401
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Literal:
        return True
    if origin is None:
        return type_ in {*_PLAIN, list, dict, type(None), Any}
    return (_is_union(origin) or origin in {list, dict}) and all(map(_is_known, arguments))


def _is_union(origin: object) -> bool:
    # `int | None` is one of its own kind, since Python 3.10.
    return origin in {Union, getattr(types, "UnionType", Union)}
