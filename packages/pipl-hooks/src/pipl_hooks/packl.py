"""What `_packl/packl.toml` says of a packl."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import FormatError

FORMAT = 1
"""Version of `packl.toml`."""

KINDS = ("code", "envset", "product", "task")
DATA_FOLDER = "_packl"
"""Folder in the import package that travels in the wheel."""

PRIVATE_CLASSIFIER = "Private :: pipl"
"""Keeps a studio's packl from ever being accepted by a public index."""


@dataclass(frozen=True)
class PacklInfo:
    """What a packl is, beyond its standard metadata.

    Attributes:
        kind: `code`, `envset`, `product` or `task`.
        type: Name of its product or task type.
        entity: What it is about in the story: `{"sequence": "sq010", "shot": "sh010"}`.
    """

    kind: str
    type: str | None = None
    entity: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str) -> PacklInfo:
        """Read `packl.toml`.

        Raises:
            FormatError: The text has another format.
        """
        if sys.version_info >= (3, 11):  # here, since not everyone who starts reads one
            import tomllib
        else:
            import tomli as tomllib

        try:
            data: dict[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # not all are TOMLDecodeErrors
            msg = "packl.toml is not valid TOML."
            raise FormatError(msg, context=str(error)) from error
        if data.get("format") != FORMAT:
            msg = f"Format {data.get('format')!r:.100} of packl.toml is not known here."
            raise FormatError(msg, context=f"This pipl knows format {FORMAT}.")
        if data.get("kind") not in KINDS:
            msg = f"packl.toml has the unknown kind {data.get('kind')!r:.100}."
            raise FormatError(msg, hint=f"Use one of {', '.join(KINDS)}.")
        entity, type_ = data.get("entity", {}), data.get("type")
        if not isinstance(entity, dict) or not all(isinstance(v, str) for v in entity.values()):
            msg = "The entity in packl.toml must be a table of texts."
            raise FormatError(msg, hint='For example: [entity] shot = "sh010".')
        if not isinstance(type_, (str, type(None))):
            msg = "The type in packl.toml must be a text."
            raise FormatError(msg)
        return cls(kind=data["kind"], type=type_, entity=entity)
