"""Configuration by the names of services, merged key by key from layers of which a later one wins.

The layers, in their order:

1. `default`: the defaults of the config's schema
2. `studio`: entry points of packls; a packl comes after those that it depends on, else they come
   in the order of their names
3. `project`: the tables `[config.NAME]` of the project's `pipl.toml`
4. `task`: entry points of the packl of this environment's Task
5. `plugin`: answers to the hook `pipl_config`, the plugin that was registered later after others
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipl_hooks import PluginSource, entry_points, normalized_name
from pipl_hooks.installed import EntryPoint

from ._installed import in_dependency_order
from ._plugins import plugins
from ._points import load
from ._schema import Schema, schema_of
from ._settings import settings
from .errors import PipelineError, UnknownConfigError

CONFIG_GROUP = "pipl_pipe.config"
TASK_GROUP = "pipl_pipe.task"
PROJECT_FILE = "pipl.toml"


@dataclass(frozen=True)
class Layer:
    """What one place says of a config.

    Attributes:
        layer: `default`, `studio`, `project`, `task` or `plugin`.
        source: Where it comes from: a packl and its version, or `pipl.toml`.
        values: What it says.
    """

    layer: str
    source: str
    values: Mapping[str, Any]


class Config(Mapping[str, Mapping[str, Any]]):
    """The merged configuration of this environment, by the names of services.

    A config is read when it is first asked for, so that a mistake in one does not stop others.
    """

    def __init__(self) -> None:
        self._merged: dict[str, dict[str, Any]] = {}
        self._schemas: dict[str, Schema | None] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        """Return the config of that name.

        Raises:
            UnknownConfigError: Nobody gives it, which is a KeyError, too.
            PipelineError: What somebody gives does not fit its schema, or is no config.
        """
        if name not in self._merged:
            schema, found = self.schema(name), self.layers(name)
            if not found and schema is None:
                raise self._unknown(name)
            for problem in problems(name, found, schema):
                raise problem
            self._merged[name] = {k: v for each in found for k, v in each.values.items()}
        return self._merged[name]

    def __iter__(self) -> Iterator[str]:
        """List the names of configs that somebody gives."""
        names = {point.name for _, point in entry_points(CONFIG_GROUP)}
        names.update(_project_layer(), *(answer for _, answer in self._answers))
        return iter(sorted(names))

    def __len__(self) -> int:
        """Count the configs that somebody gives."""
        return len(list(iter(self)))

    def schema(self, name: str) -> Schema | None:
        """Return the schema of a config, or None where it may hold anything.

        Raises:
            PipelineError: The schema cannot be used.
        """
        if name not in self._schemas:
            self._schemas[name] = schema_of(name)
        return self._schemas[name]

    def layers(self, name: str) -> list[Layer]:
        """Return the layers of a config, of which a later one wins.

        Raises:
            PipelineError: A packl's config cannot be imported, or is no config.
        """
        schema = self.schema(name)
        found = []
        if schema is not None and schema.defaults:
            found.append(Layer("default", str(schema.source), schema.defaults))
        points = [
            (source, point) for source, point in entry_points(CONFIG_GROUP) if point.name == name
        ]
        tasks = {source.packl for source, _ in entry_points(TASK_GROUP)}
        found += [_of_point("studio", each) for each in _ordered(points, without=tasks)]
        if name in _project_layer():
            found.append(_layer("project", PROJECT_FILE, name, _project_layer()[name]))
        found += [_of_point("task", each) for each in points if each[0].packl in tasks]
        for source, answer in self._answers:
            if name in answer:
                found.append(_layer("plugin", str(source), name, answer[name]))
        return found

    @functools.cached_property
    def _answers(self) -> list[tuple[PluginSource, Mapping[str, Any]]]:
        # pluggy asks the plugin registered last first; it is to win.
        answers = list(plugins().each("pipl_config"))[::-1]
        for source, answer in answers:
            if not isinstance(answer, Mapping):
                msg = f"The plugin {source.name} of {source} gives a config that is no mapping."
                raise PipelineError(msg, context=f"pipl_config answered {answer!r:.200}.")
            for name in answer:
                if not isinstance(name, str):
                    msg = f"The plugin {source.name} of {source} gives a config without a name."
                    raise PipelineError(msg, context=f"pipl_config answered {answer!r:.200}.")
        return answers

    def _unknown(self, name: str) -> UnknownConfigError:
        msg = f"No packl in this environment gives the config {name!r}."
        context = f"There are: {', '.join(self) or 'none'}."
        hint = f"Set it in [config.{name}] of the project's pipl.toml, or install the packl."
        return UnknownConfigError(msg, context=context, hint=hint)


def problems(name: str, layers: list[Layer], schema: Schema | None) -> list[PipelineError]:
    """Return what is wrong with a config's layers: each error names a source and a key."""
    if schema is None:
        return []
    found = [error for each in layers for error in schema.check(name, each.source, each.values)]
    given = {key for each in layers for key in each.values}
    return found + schema.missing(name, given)


def _ordered(
    points: list[tuple[PluginSource, EntryPoint]], without: set[str]
) -> list[tuple[PluginSource, EntryPoint]]:
    studio = [each for each in points if each[0].packl not in without]
    if len(studio) < 2:  # noqa: PLR2004  requirements are read only where they decide
        return studio
    order = in_dependency_order(source.packl for source, _ in studio)
    return sorted(studio, key=lambda each: order.index(normalized_name(each[0].packl)))


def _of_point(layer: str, found: tuple[PluginSource, EntryPoint]) -> Layer:
    source, point = found
    values = load(source, point, "config")
    return _layer(layer, str(source), source.name, values, source.module)


def _layer(layer: str, source: str, name: str, values: Any, what: str = "It") -> Layer:  # noqa: ANN401
    if not isinstance(values, Mapping):
        msg = f"The config {name!r} of {source} is not a mapping."
        raise PipelineError(msg, context=f"{what} is {values!r:.200}.")
    for key in values:
        if not isinstance(key, str):
            msg = f"The config {name!r} of {source} has the key {key!r:.100}, which is no text."
            raise PipelineError(msg)
    return Layer(layer, source, values)


def _project_layer() -> Mapping[str, Any]:
    try:
        return settings().config
    except PipelineError:  # an environment that pipl did not make has no project
        return {}
