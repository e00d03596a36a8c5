"""The Products and Tasks in the environment of a workspace, listed without importing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import AssetReference, PacklInfo, PiplError, import_name, normalized_name
from pipl_hooks.assets import references_from_text
from pipl_hooks.packl import DATA_FOLDER
from pipl_hooks.suggestions import did_you_mean

from .errors import NotFoundError
from .names import same_name

if TYPE_CHECKING:
    from .workspace import Workspace

GROUPS = ("pipl_pipe.product", "pipl_pipe.task")


@dataclass(frozen=True)
class InstalledProduct:
    """A Product or Task in a workspace.

    Attributes:
        name: Name of its packl.
        version: Its installed version.
        kind: `product` or `task`.
        type: Name of its type.
        entity: What it is about in the story.
        edited: Folder in which it is edited, where it is.
        assets: Its references to Assets, by name.
        problem: Why its `_packl` folder cannot be read; None where it can.
    """

    name: str
    version: str
    kind: str
    type: str | None
    entity: Mapping[str, str]
    edited: Path | None
    assets: Mapping[str, AssetReference]
    problem: str | None = None


def installed_products(workspace: Workspace) -> list[InstalledProduct]:
    """List the Products and Tasks that are installed or edited in a workspace, by name."""
    workspace.environment.check()
    broken: dict[str, tuple[Path, PiplError]] = {}

    def remember(folder: Path, error: PiplError) -> None:
        broken[normalized_name(folder.name)] = (folder, error)

    edited = {normalized_name(packl.name): packl for packl in workspace.readable_packls(remember)}
    found = {}
    for folder in workspace.environment.site_packages:
        for distribution in distributions(path=[str(folder)]):
            points = [p for p in _entry_points(distribution) if p.group in GROUPS]
            name = distribution.metadata["Name"]
            if not points or not name:  # what is half uninstalled has no name
                continue
            kind = points[0].group.rpartition(".")[2]
            if normalized_name(name) in broken:
                place, error = broken[normalized_name(name)]
                found[normalized_name(name)] = InstalledProduct(
                    *(name, distribution.version, kind, None, {}, place, {}, error.message)
                )
                continue
            packl = edited.get(normalized_name(name))
            if packl is None:
                data, version = folder / import_name(name) / DATA_FOLDER, distribution.version
            else:  # what is installed in edition keeps the metadata of the day when it was
                data, version = packl.data_folder, packl.version
            source = packl.folder if packl else None
            found[normalized_name(name)] = _product(name, version, kind, source, data)
    return [found[name] for name in sorted(found)]


def installed_product(workspace: Workspace, name: str) -> InstalledProduct:
    """Return the Product or Task of that name.

    Raises:
        NotFoundError: The workspace has none.
    """
    products = installed_products(workspace)
    for product in products:
        if same_name(product.name, name):
            return product
    msg = f"The workspace {workspace.name} has no product {name!r}."
    names = [product.name for product in products]
    hint = f"{did_you_mean(name, names)}It has: {', '.join(names) or 'none'}."
    raise NotFoundError(msg, hint=f"{hint} Install one: `pipl work install NAME`.")


def _entry_points(distribution: Distribution) -> Iterable[EntryPoint]:
    try:
        return distribution.entry_points
    except Exception:  # noqa: BLE001  a file cut short; what it raises differs by Python
        return ()


def _product(
    name: str, version: str, kind: str, edited: Path | None, data: Path
) -> InstalledProduct:
    try:
        info = PacklInfo.from_text((data / "packl.toml").read_text(encoding="utf-8"))
        path = data / "assets.json"
        assets = references_from_text(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, UnicodeDecodeError, PiplError) as error:
        problem = error.message if isinstance(error, PiplError) else str(error)
        return InstalledProduct(name, version, kind, None, {}, edited, {}, problem)
    return InstalledProduct(name, version, info.kind, info.type, info.entity, edited, assets)
