"""The Task type `render`: renders animated USD to float EXR with Mitsuba."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_pipe import Asset, Draft, Product, Task, command
from sample_pipeline import read_settings, write_settings
from sample_pipeline.inputs import (
    entity_value,
    frame_range,
    make_dependencies_readable,
    sample_config,
    single_dependency,
)


class RenderProduct(Product):
    """The rendered frames of a shot: linear Rec. 709, 32 bits of float."""

    type_name: ClassVar[str] = "render"
    beauty = Asset("exr")


class RenderTask(Task):
    """Renders the animation that the Task depends on."""

    type_name: ClassVar[str] = "render"
    settings = Asset("settings")
    outputs: ClassVar[Mapping[str, type[Product]]] = {"exr": RenderProduct}

    @command
    def build(self) -> None:
        """Write the settings of the render, from the shot and the studio's configuration."""
        from .render_settings import RenderSettings

        first, last = frame_range(self)
        config = sample_config()
        settings = RenderSettings.for_shot(
            sequence=entity_value(self, "sequence"),
            shot=entity_value(self, "shot"),
            frames=f"{first}-{last}x{config['frame_step']}",
            resolution=config["resolution"],
            samples=config["samples"],
        )
        with self.settings.edit() as path:
            write_settings(path, settings.to_json())

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Render the frames that the settings name."""
        from .frames import render_frames
        from .render_settings import RenderSettings

        settings = RenderSettings.from_json(read_settings(self.settings.path()))
        anim = single_dependency(self, "anim")
        make_dependencies_readable(self)
        draft = outputs["exr"]
        render_frames(anim.anim.path(), settings, draft.path("beauty"), draft.base_name("beauty"))


__all__ = ["RenderProduct", "RenderTask"]
