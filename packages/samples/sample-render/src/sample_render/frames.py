"""Renders the frames of a USD stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_pipeline.usd import open_stage

from .mitsuba_scenes import make_scene, mitsuba
from .usd_geometry import camera_view, triangle_meshes

if TYPE_CHECKING:
    from pathlib import Path

    from .render_settings import RenderSettings


def render_frames(usd: Path, settings: RenderSettings, folder: Path, base_name: str) -> None:
    """Render each frame that the settings name into `<folder>/<base name>.<frame>.exr`.

    Args:
        usd: Layer of the animation.
        settings: What to render, and how.
        folder: Folder of the images, which exists.
        base_name: Beginning of their names.
    """
    mi = mitsuba()
    stage = open_stage(usd)
    for frame in settings.frame_numbers():
        scene = make_scene(triangle_meshes(stage, frame), camera_view(stage, frame), settings)
        # The frame takes part in the seed, so that noise does not stand still over the picture.
        seed = (settings.seed + frame) % 2**31
        image = mi.render(scene, seed=seed, spp=settings.samples)
        mi.Bitmap(image).write(str(folder / f"{base_name}.{frame:04}.exr"))
