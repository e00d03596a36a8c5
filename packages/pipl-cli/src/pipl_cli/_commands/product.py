"""`pipl product create`, `list`, `show`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import console
from .._making import entity_option, make
from ..options import command, json_option, path_option, shadow_option, workspace_of


@command("create", "pipl product create char_hero_model model -e character=hero")
@click.argument("name")
@click.argument("type_name", metavar="TYPE")
@entity_option
@shadow_option
@path_option("workspace")
def create(name: str, type_name: str, entity: tuple[str, ...], shadow: bool, path: Path) -> None:
    """Make a packl of the workspace a product of a type; the packl is made where there is none.

    Doing it again changes nothing.
    """
    make("product", name, type_name, entity, path, shadow=shadow)


@command("list", "pipl product list --json")
@json_option
@path_option("workspace")
def list_products(as_json: bool, path: Path) -> None:
    """List the products, and the task, that are installed or edited in the workspace."""
    from pipl_core.products import installed_products

    products = installed_products(workspace_of(path))
    for product in products:
        if product.problem:
            console.warn(f"{product.name} cannot be read: {product.problem}")
    if as_json:
        console.json_data(products)
        return
    rows = [
        (
            product.name,
            product.version,
            product.kind,
            product.type or "-",
            ", ".join(product.assets) or "-",
            "edited" if product.edited else "-",
        )
        for product in products
    ]
    header = ("PRODUCT", "VERSION", "KIND", "TYPE", "ASSETS", "EDITED")
    console.table(
        header, rows, "There are no products here. Install one: `pipl work install NAME`."
    )


@command("show", "pipl product show shot_010_anim_usd --json")
@click.argument("name")
@json_option
@path_option("workspace")
def show(name: str, as_json: bool, path: Path) -> None:
    """Show a product of the workspace and its Assets."""
    from pipl_core.products import installed_product
    from pipl_hooks import EntityReference

    product = installed_product(workspace_of(path), name)
    if product.problem:
        console.warn(f"{product.name} cannot be read: {product.problem}")
    if as_json:
        console.json_data(product)
        return
    console.data(f"{product.name} {product.version}")
    console.data(f"  kind        {' '.join(filter(None, [product.kind, product.type]))}")
    if product.entity:
        about = ", ".join(f"{key}={value}" for key, value in product.entity.items())
        console.data(f"  entity      {about}")
    if product.edited:
        console.data(f"  edited      {product.edited}")
    for asset in product.assets.values():
        reference = EntityReference(product.name, asset.name, asset.revision)
        console.data(f"  asset       {reference}")
        files = "1 file" if asset.files == 1 else f"{asset.files} files"
        if asset.frames:
            files = f"{files} {asset.frames}"
        console.data(f"              {asset.type}, {files}, {asset.size} bytes, {asset.digest}")
