"""The Task type `anim`: moves the characters and the camera of a layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_pipe import Asset, Draft, Product, Task, command
from sample_pipeline.inputs import frame_range, make_dependencies_readable, single_dependency


class AnimProduct(Product):
    """The animation of a shot, in a USD layer over the shot's layout."""

    type_name: ClassVar[str] = "anim"
    anim = Asset("usd")


class AnimTask(Task):
    """Animates the layout that the Task depends on."""

    type_name: ClassVar[str] = "anim"
    scene = Asset("usd")
    outputs: ClassVar[Mapping[str, type[Product]]] = {"usd": AnimProduct}

    @command
    def build(self) -> None:
        """Make a layer over the layout, in which characters walk and the camera moves in."""
        from .scenes import write_anim

        layout = single_dependency(self, "layout")
        make_dependencies_readable(self)
        with self.scene.edit() as path:
            write_anim(path, layout.layout, frame_range(self))

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Copy the layer, over the layout that is installed here."""
        from .scenes import copy_anim

        layout = single_dependency(self, "layout")
        make_dependencies_readable(self)
        copy_anim(self.scene.path(), outputs["usd"].path("anim"), str(layout.layout.location))
        outputs["usd"].requires = [layout]


__all__ = ["AnimProduct", "AnimTask"]
