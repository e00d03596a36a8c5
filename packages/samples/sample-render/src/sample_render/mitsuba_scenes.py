"""Mitsuba scenes of triangle meshes, diffuse colours, a sky and a sun."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .render_settings import RenderSettings
    from .usd_geometry import CameraView, TriangleMesh

VARIANT = "scalar_rgb"
"""The one that runs on any machine, without a GPU and without LLVM."""

BOUNCES = 3


def mitsuba() -> Any:  # noqa: ANN401  Mitsuba has no type information
    """Return the module, with its variant chosen."""
    import mitsuba as mi

    mi.set_variant(VARIANT)
    return mi


def make_scene(meshes: Iterable[TriangleMesh], camera: CameraView, settings: RenderSettings) -> Any:  # noqa: ANN401
    """Make a scene to render.

    Args:
        meshes: Meshes in world space.
        camera: The camera.
        settings: Resolution, samples, seed and light.
    """
    mi = mitsuba()
    width, height = settings.resolution
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": BOUNCES},
        "sensor": {
            "type": "perspective",
            "fov": camera.fov,
            "fov_axis": "x",
            "near_clip": 0.05,
            "to_world": mi.ScalarTransform4f().look_at(camera.eye, camera.target, camera.up),
            "film": {
                "type": "hdrfilm",
                "width": width,
                "height": height,
                "pixel_format": "rgb",
                "component_format": "float32",
                # Wider filters add the pixels of neighbouring blocks in whatever order the
                # threads finish, so that two renders differ in the last bits.
                "rfilter": {"type": "box"},
            },
            "sampler": {"type": "multijitter", "sample_count": settings.samples},
        },
        "sky": {"type": "constant", "radiance": _rgb(settings.light.sky)},
        "sun": {
            "type": "directional",
            "direction": list(settings.light.direction),
            "irradiance": _rgb(settings.light.sun),
        },
    }
    for index, mesh in enumerate(meshes):
        if len(mesh.triangles):
            scene[f"mesh_{index}"] = _mesh(mi, mesh)
    return mi.load_dict(scene)


def _mesh(mi: Any, mesh: TriangleMesh) -> Any:  # noqa: ANN401
    diffuse = {"type": "diffuse", "reflectance": _rgb(mesh.color)}
    properties = mi.Properties()
    properties["mesh_bsdf"] = mi.load_dict({"type": "twosided", "diffuse": diffuse})
    normals = mesh.normals
    made = mi.Mesh(
        mesh.name,
        len(mesh.points),
        len(mesh.triangles),
        has_vertex_normals=normals is not None,
        props=properties,
    )
    parameters = mi.traverse(made)
    parameters["vertex_positions"] = np.ravel(mesh.points).astype(np.float32)
    parameters["faces"] = np.ravel(mesh.triangles).astype(np.uint32)
    if normals is not None:
        parameters["vertex_normals"] = np.ravel(normals).astype(np.float32)
    parameters.update()
    return made


def _rgb(color: tuple[float, float, float]) -> dict[str, Any]:
    return {"type": "rgb", "value": list(color)}
