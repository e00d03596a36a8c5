"""Products: what tasks make, and others depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pipl_hooks import entry_points, import_name, normalized_name
from pipl_hooks.suggestions import did_you_mean

from ._assets import Asset, BoundAsset
from ._installed import InstalledPackl, dependency_order
from ._made_packls import make
from ._points import load
from ._types import Types
from .errors import PipelineError

PRODUCT_GROUP = "pipl_pipe.product"
TASK_GROUP = "pipl_pipe.task"


class Product:
    """A Product, as its packl's code instantiates it: `PRODUCT = ModelProduct(__name__)`.

    A type of Product is a class that declares the Assets, each as an attribute.

    Args:
        module: Import name of the packl.

    Attributes:
        type_name: Unique name of the type.
    """

    type_name: ClassVar[str] = "product"

    def __init__(self, module: str) -> None:
        self.packl = InstalledPackl(module)

    @property
    def name(self) -> str:
        """Name of its packl."""
        return self.packl.name

    @property
    def version(self) -> str:
        """Installed version."""
        return self.packl.version

    @property
    def entity(self) -> Mapping[str, str]:
        """What it is about in the story: `{"sequence": "sq010", "shot": "sh010"}`."""
        return self.packl.info.entity

    @classmethod
    def declared_assets(cls) -> dict[str, Asset]:
        """Return the Assets that the class and its bases declare, by name."""
        found: dict[str, Asset] = {}
        for base in reversed(cls.__mro__):
            found.update({k: v for k, v in vars(base).items() if isinstance(v, Asset)})
        return found

    @property
    def assets(self) -> dict[str, BoundAsset]:
        """Its Assets, by name."""
        return {name: getattr(self, name) for name in self.declared_assets()}

    def dependencies(self, type: str | None = None) -> list[Any]:
        """Return the installed Products on which this one depends, directly or through others.

        Args:
            type: Only those of the type of this name.

        Returns:
            The Products in dependency order: what a Product depends on comes before it. Those
            of other types are not imported.
        """
        return list(_dependencies(self.packl.module, type))

    def __repr__(self) -> str:
        """Name class and packl."""
        return f"<{type(self).__name__} {self.name}>"


class Products:
    """The Products of this environment: the service `products`.

    Attributes:
        types: Types of Products by name.
    """

    def __init__(self) -> None:
        self.types = Types("product")

    def names(self) -> list[str]:
        """List the packls that offer a Product, without importing them."""
        return sorted({point.name for _, point in entry_points(PRODUCT_GROUP)})

    def get(self, name: str) -> Any:  # noqa: ANN401  its class is the packl's own
        """Return the Product of a packl.

        Raises:
            PipelineError: No such Product is installed.
        """
        for group in (PRODUCT_GROUP, TASK_GROUP):
            for source, point in entry_points(group):
                if normalized_name(point.name) == normalized_name(name):
                    return load(source, point, "Product")
        msg = f"No Product {name!r} is installed here."
        context = f"There are: {', '.join(self.names()) or 'none'}."
        hint = f"{did_you_mean(name, self.names())}pipl work install {name}"
        raise PipelineError(msg, context=context, hint=hint)

    def create(self, name: str, type_name: str, **entity: str) -> Any:  # noqa: ANN401
        """Make a packl of this workspace a Product, and return it; the same as `create_product`.

        Args:
            name: Name of the packl, which is made where there is none.
            type_name: Name of the type.
            entity: What it is about in the story: `character="hero"`.

        Raises:
            PipelineError: It could not be made; the context says why.
        """
        make("product", name, type_name, entity)
        return self.get(name)


def make_products(config: Mapping[str, Any]) -> Products:  # noqa: ARG001  as each service is made
    """Make the service `products`."""
    return Products()


def _dependencies(module: str, type_name: str | None) -> Iterator[Any]:
    offered = {
        normalized_name(point.name): (source, point)
        for source, point in entry_points(PRODUCT_GROUP)
    }
    own = normalized_name(module)
    for name in dependency_order([module]):
        if name == own or name not in offered:
            continue
        source, point = offered[name]
        info = InstalledPackl(import_name(point.name)).info
        if type_name in {None, info.type}:
            yield load(source, point, "Product")
