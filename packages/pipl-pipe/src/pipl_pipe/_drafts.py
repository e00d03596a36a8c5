"""Products that are being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipl_hooks import import_name
from pipl_hooks.suggestions import did_you_mean

from ._installed import InstalledPackl
from ._places import base_name
from ._types import type_named, type_source, type_target
from .errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

    from ._assets import AssetType
    from ._products import Product


@dataclass
class Draft:
    """A Product that a Task's `export` writes.

    Attributes:
        name: Name of its packl.
        product_type: Class of the Product.
        folder: Where its Assets are written.
        entity: What it is about.
        requires: Installed Products on which it depends, such as those that its scene refers to.
    """

    name: str
    product_type: type[Product]
    folder: Path
    entity: Mapping[str, str]
    requires: list[Product] = field(default_factory=list)

    def path(self, asset: str) -> Path:
        """Return where to write an Asset: its file, or the folder of its files, which exists.

        Raises:
            PipelineError: The type declares no such Asset.
        """
        type_ = self.asset_type(asset)
        folder = self.folder / asset
        folder.mkdir(parents=True, exist_ok=True)
        return folder / self.base_name(asset) if type_.shape == "file" else folder

    def base_name(self, asset: str) -> str:
        """Return the name of an Asset's file, or of the files of its sequence without numbers."""
        return base_name(self.name, asset, self.asset_type(asset))

    def asset_type(self, asset: str) -> AssetType:
        """Return the type of an Asset."""
        declared = self.product_type.declared_assets()
        if asset not in declared:
            msg = f"The Product type {self.product_type.type_name!r} has no Asset {asset!r}."
            raise PipelineError(
                msg, hint=f"{did_you_mean(asset, declared)}It has: {', '.join(declared) or 'none'}."
            )
        cls: type[AssetType] = type_named("asset", declared[asset].type_name)
        return cls()

    def written(self) -> dict[str, Path]:
        """Return the Assets that were written, by name.

        Raises:
            PipelineError: One that the type asks for was not.
        """
        found = {}
        for name, declared in self.product_type.declared_assets().items():
            path = self.path(name)
            if path.is_file() or (path.is_dir() and any(path.iterdir())):
                found[name] = path
            elif not declared.optional:
                msg = f"The export did not write the Asset {name!r} of {self.name}."
                raise PipelineError(msg, context=f"There is nothing at {path}.")
        return found

    def to_json(self) -> dict[str, Any]:
        """Describe the draft, for whoever makes a packl of it."""
        cls = self.product_type
        type_packl = type_source(cls)
        return {
            "name": self.name,
            "type": cls.type_name,
            "target": type_target("product", cls),
            "type_packl": type_packl,
            "type_version": InstalledPackl(import_name(type_packl)).version,
            "entity": dict(self.entity),
            "requires": [{"name": p.name, "version": p.version} for p in self.requires],
            "assets": {
                name: {"type": self.asset_type(name).type_name, "path": str(path)}
                for name, path in self.written().items()
            },
        }
