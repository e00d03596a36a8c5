"""Know cameras, which layout makes and everybody else looks through."""

from __future__ import annotations

from collections.abc import Iterable

from pipl_hooks import hookimpl
from pipl_pipe import Asset, Product


class CameraProduct(Product):
    """A camera with its lens."""

    type_name = "camera"
    camera = Asset("file")


@hookimpl
def pipl_product_types() -> Iterable[type]:
    """Give the type `camera`."""
    return [CameraProduct]
