"""Runs in Blender's own Python: builds a Product's meshes, saves and renders them.

blender --python in_blender.py -- PRODUCT [--asset NAME] [--save FILE] [--render FILE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample_blender_env.meshes import MeshData

PIXELS = 96
SAMPLES = 4


def main() -> None:
    """Do what the arguments behind `--` say."""
    parser = argparse.ArgumentParser(prog="blender --python in_blender.py --")
    parser.add_argument("product")
    parser.add_argument("--asset")
    parser.add_argument("--save")
    parser.add_argument("--render")
    given = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    arguments = parser.parse_args(given)
    title, path = _find(arguments.product, arguments.asset)

    from sample_blender_env.meshes import meshes_of
    from sample_pipeline.usd import open_stage

    meshes = list(meshes_of(open_stage(path)))
    _build(meshes)
    vertices = sum(len(mesh.points) for mesh in meshes)
    faces = sum(len(mesh.faces) for mesh in meshes)
    print(f"{title}: {len(meshes)} meshes, {vertices} vertices, {faces} faces")  # noqa: T201
    if arguments.render:
        _render(arguments.render, meshes)
    if arguments.save:
        import bpy

        bpy.ops.wm.save_as_mainfile(filepath=arguments.save)


def _find(product: str, asset: str | None) -> tuple[str, Path]:
    """Return what to call it, and the USD file."""
    if Path(product).is_file():
        return Path(product).name, Path(product)
    from pipl_pipe import PipelineError, services

    found = services.products.get(product)
    names = list(found.assets)
    if asset is None and len(names) != 1:
        msg = f"{product} has several Assets: {', '.join(names)}."
        raise PipelineError(msg, hint="Name one with --asset.")
    return f"{found.name} {found.version}", found.assets[asset or names[0]].path()


def _build(meshes: list[MeshData]) -> None:
    import bpy

    for existing in list(bpy.data.objects):  # the cube, the light and the camera of a new scene
        bpy.data.objects.remove(existing)
    for data in meshes:
        mesh = bpy.data.meshes.new(data.name)
        mesh.from_pydata(data.points, [], data.faces)
        mesh.validate()
        material = bpy.data.materials.new(data.name)
        material.diffuse_color = (*data.color, 1.0)
        material.use_nodes = True
        surface = material.node_tree.nodes["Principled BSDF"]
        surface.inputs["Base Color"].default_value = (*data.color, 1.0)
        mesh.materials.append(material)
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(data.name, mesh))


def _render(path: str, meshes: list[MeshData]) -> None:
    import bpy
    from mathutils import Vector

    corners = [Vector(point) for mesh in meshes for point in mesh.points]
    low = Vector(min(corner[axis] for corner in corners) for axis in range(3))
    high = Vector(max(corner[axis] for corner in corners) for axis in range(3))
    center, size = (low + high) / 2, max((high - low).length, 0.001)
    scene = bpy.context.scene
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.location = center + Vector((1.0, -1.5, 0.8)) * size
    camera.rotation_euler = (center - camera.location).to_track_quat("-Z", "Y").to_euler()
    camera.data.clip_start = size / 1000
    light = bpy.data.objects.new("Sun", bpy.data.lights.new("Sun", "SUN"))
    light.data.energy = 3.0
    light.rotation_euler = (0.6, 0.3, 0.4)
    for each in (camera, light):
        scene.collection.objects.link(each)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples = SAMPLES
    scene.cycles.use_denoising = False
    scene.render.resolution_x = scene.render.resolution_y = PIXELS
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = path
    bpy.ops.render.render(write_still=True)


def _run() -> None:
    from pipl_hooks import PiplError

    try:
        main()
    except PiplError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        raise SystemExit(1) from error


if __name__ == "__main__":
    _run()
