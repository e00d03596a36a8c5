"""The Task type `model`: real USD models, made by procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pipl_pipe import Asset, Draft, PipelineError, Product, Task, command
from sample_pipeline.inputs import entity_value, sample_config


class ModelProduct(Product):
    """A model, in one USD layer that refers to nothing else."""

    type_name: ClassVar[str] = "model"
    model = Asset("usd")


class ModelTask(Task):
    """Makes the model of the entity's `asset`."""

    type_name: ClassVar[str] = "model"
    scene = Asset("usd")
    outputs: ClassVar[Mapping[str, type[Product]]] = {"usd": ModelProduct}

    @command
    def build(self) -> None:
        """Make the model's scene, by procedure."""
        from .scenes import write_model
        from .shapes import model_parts

        name = entity_value(self, "asset")
        with self.scene.edit() as path:
            write_model(path, name, model_parts(name), sample_config()["fps"])

    @command
    def view(self) -> None:
        """Tell what is in the scene: prims, points and bounds."""
        from .scenes import summary

        for line in summary(self.scene.current_path()):
            print(line)  # noqa: T201  this is a program

    @command
    def open(self) -> int:
        """Show the scene in Blender, which comes by the extra `edit`."""
        import subprocess

        try:
            from sample_blender_env.opening import command_line
        except ImportError as error:
            msg = "Blender is no part of this environment."
            hint = 'pipl work install "sample-model[edit]"'
            raise PipelineError(msg, hint=hint) from error
        return subprocess.call(command_line(str(self.scene.current_path())))

    def export(self, outputs: Mapping[str, Draft]) -> None:
        """Flatten the scene into the Product's Asset."""
        from .scenes import flatten

        flatten(self.scene.path(), outputs["usd"].path("model"))


__all__ = ["ModelProduct", "ModelTask"]
