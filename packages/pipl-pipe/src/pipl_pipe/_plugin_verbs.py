"""What `python -m pipl_pipe` tells of plugins and configuration, for `pipl plugins`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pipl_hooks import PiplError
from pipl_hooks.listing import hook_listings
from pipl_hooks.secrets import masked

from ._config import Config, problems
from ._plugins import plugins


def hooks() -> dict[str, Any]:
    """Return who answers which hook in this environment, and which plugins did not load."""
    found = plugins()
    return {
        "hooks": [asdict(each) for each in hook_listings(found)],
        "failures": [asdict(each) for each in found.failures],
    }


def config(name: str | None = None) -> list[dict[str, Any]]:
    """Return the layers of each config, the value that won for each key, and what is wrong.

    Args:
        name: Only the config of this name.

    Raises:
        UnknownConfigError: Nobody gives it.
    """
    found = Config()
    if name is None:
        return [_explained(found, each) for each in found]
    if found.schema(name) is None and not found.layers(name):
        found[name]  # raises the error for it
    return [_explained(found, name)]


def _explained(found: Config, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": name, "schema": None, "layers": [], "values": []}
    wrong: list[PiplError] = []
    try:
        schema, layers = found.schema(name), found.layers(name)
    except PiplError as error:  # the others are still to be shown
        wrong.append(error)
    else:
        wrong += problems(name, layers, schema)
        answer["schema"] = str(schema.source) if schema else None
        answer["layers"] = [{**asdict(each), "values": masked(each.values)} for each in layers]
        winners = {key: each for each in layers for key in each.values}
        answer["values"] = [
            {
                "key": key,
                "value": masked({key: each.values[key]})[key],
                "layer": each.layer,
                "source": each.source,
            }
            for key, each in winners.items()
        ]
    answer["problems"] = [
        {"message": error.message, "context": error.context, "hint": error.hint} for error in wrong
    ]
    # A packl's config is code, and may hold what JSON cannot.
    return json.loads(json.dumps(answer, default=str, skipkeys=True))  # type: ignore[no-any-return]
