"""The Task type `comp`: grades renders and burns a slate in; and the contact sheet of a show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_pipe import Asset, Draft, Product, Task, command
from sample_pipeline import read_settings, write_settings
from sample_pipeline.inputs import entity_value, sample_config, single_dependency


class CompProduct(Product):
    """The frames of a shot as people see them: sRGB, with a slate."""

    type_name: ClassVar[str] = "comp"
    frames = Asset("png")


class CompTask(Task):
    """Grades the render that the Task depends on."""

    type_name: ClassVar[str] = "comp"
    settings = Asset("settings")
    outputs: ClassVar[Mapping[str, type[Product]]] = {"png": CompProduct}

    @command
    def build(self) -> None:
        """Write the settings of the grade."""
        from .grading import Grade

        with self.settings.edit() as path:
            write_settings(path, Grade().to_json())

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Grade each rendered frame and burn its slate in."""
        from .frames import comp_frames
        from .grading import Grade
        from .slate import Slate

        grade = Grade.from_json(read_settings(self.settings.path()))
        slate = Slate(
            show=sample_config()["show"],
            sequence=entity_value(self, "sequence"),
            shot=entity_value(self, "shot"),
            task=self.type_name,
            version=self.version,
        )
        render = single_dependency(self, "render")
        draft = outputs["png"]
        base_name = draft.base_name("frames")
        comp_frames(render.beauty.path(), grade, slate, draft.path("frames"), base_name)


__all__ = ["CompProduct", "CompTask"]
