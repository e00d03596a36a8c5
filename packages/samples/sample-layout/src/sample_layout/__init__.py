"""The Task type `layout`: the models of a shot, placed before a camera."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_pipe import Asset, Draft, Product, Task, command
from sample_pipeline.inputs import (
    entity_value,
    frame_range,
    make_dependencies_readable,
    sample_config,
)


class LayoutProduct(Product):
    """The layout of a shot, in a USD layer that references models by their locations."""

    type_name: ClassVar[str] = "layout"
    layout = Asset("usd")


class LayoutTask(Task):
    """Lays out the shot of the entity, with the models that the Task depends on."""

    type_name: ClassVar[str] = "layout"
    scene = Asset("usd")
    outputs: ClassVar[Mapping[str, type[Product]]] = {"usd": LayoutProduct}

    @command
    def build(self) -> None:
        """Reference the shot's models, place them, and add a camera."""
        from .placing import place, view_of
        from .scenes import Shot, write_layout

        config = sample_config()
        shot = Shot(
            name=f"{entity_value(self, 'sequence')}_{entity_value(self, 'shot')}",
            frames=frame_range(self),
            fps=config["fps"],
            resolution=tuple(config["resolution"]),
        )
        models = self.dependencies(type="model")
        make_dependencies_readable(self)
        placed = place(shot.name, models)
        with self.scene.edit() as path:
            write_layout(path, shot, placed, view_of(shot.name))

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Copy the scene, referring to the models that are installed here."""
        from .scenes import copy_layout

        models = self.dependencies(type="model")
        make_dependencies_readable(self)
        copy_layout(self.scene.path(), outputs["usd"].path("layout"), models)
        outputs["usd"].requires = models


__all__ = ["LayoutProduct", "LayoutTask"]
