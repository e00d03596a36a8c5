"""What a renderer needs of a USD stage at one time: triangles in world space, and the camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipl_pipe import PipelineError

Array = Any
"""A numpy array."""

GREY = (0.18, 0.18, 0.18)
"""Colour of a mesh that says none."""


@dataclass(frozen=True)
class TriangleMesh:
    """A mesh in world space.

    Attributes:
        name: Path of its prim.
        points: Its points, one in a row.
        triangles: Indices of the corners, one triangle in a row.
        normals: A normal for each point where the mesh is smooth.
        color: Diffuse colour, linear Rec. 709.
    """

    name: str
    points: Array
    triangles: Array
    normals: Array | None
    color: tuple[float, float, float]


@dataclass(frozen=True)
class CameraView:
    """A perspective camera.

    Attributes:
        eye: Where it is.
        target: A point in front of it.
        up: What is up for it.
        fov: Horizontal field of view in degrees.
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    up: tuple[float, float, float]
    fov: float


def triangle_meshes(stage: Any, frame: float) -> Iterator[TriangleMesh]:  # noqa: ANN401
    """Yield the visible meshes of a stage at a frame."""
    from pxr import Usd, UsdGeom

    transforms = UsdGeom.XformCache(Usd.TimeCode(frame))
    for prim in stage.Traverse():
        if not prim.IsA(UsdGeom.Mesh):
            continue
        mesh = UsdGeom.Mesh(prim)
        if mesh.ComputeVisibility(frame) == UsdGeom.Tokens.invisible:
            continue
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get(frame), dtype=np.int64)
        indices = np.array(mesh.GetFaceVertexIndicesAttr().Get(frame), dtype=np.int64)
        matrix = np.array(transforms.GetLocalToWorldTransform(prim))
        points = np.array(mesh.GetPointsAttr().Get(frame), dtype=np.float64)
        triangles = triangulated(counts, indices)
        if mesh.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded:
            triangles = triangles[:, ::-1]
        normals = None
        if mesh.GetNormalsInterpolation() == UsdGeom.Tokens.vertex:
            authored = mesh.GetNormalsAttr().Get(frame)
            if authored is not None and len(authored) == len(points):
                normals = transformed_normals(np.array(authored, dtype=np.float64), matrix)
        yield TriangleMesh(
            name=str(prim.GetPath()),
            points=points @ matrix[:3, :3] + matrix[3, :3],
            triangles=triangles,
            normals=normals,
            color=_color(prim, frame),
        )


def triangulated(counts: Array, indices: Array) -> Array:
    """Split convex polygons into fans of triangles.

    Args:
        counts: Number of corners of each polygon.
        indices: Corners of all polygons, one after the other.

    Returns:
        Corners of the triangles, one in a row.
    """
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
    fans = []
    for corners in np.unique(counts):
        of_size = starts[counts == corners]
        for corner in range(1, int(corners) - 1):
            columns = [of_size, of_size + corner, of_size + corner + 1]
            fans.append(np.stack([indices[column] for column in columns], axis=1))
    return np.concatenate(fans) if fans else np.zeros((0, 3), dtype=np.int64)


def transformed_normals(normals: Array, matrix: Array) -> Array:
    """Take normals into world space, by USD's row vectors: with the inverse transposed matrix."""
    turned = normals @ np.linalg.inv(matrix[:3, :3]).T
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    return turned / np.where(lengths > 0, lengths, 1.0)


def camera_view(stage: Any, frame: float) -> CameraView:  # noqa: ANN401
    """Return the stage's first camera at a frame.

    Raises:
        PipelineError: It has none.
    """
    from pxr import Gf, UsdGeom

    prim = next((prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Camera)), None)
    if prim is None:
        msg = f"{stage.GetRootLayer().GetDisplayName()} has no camera."
        raise PipelineError(msg, hint="The layout of the shot adds one.")
    camera = UsdGeom.Camera(prim).GetCamera(frame)
    matrix = camera.transform
    eye = matrix.Transform(Gf.Vec3d(0, 0, 0))
    target = matrix.Transform(Gf.Vec3d(0, 0, -1))
    up = matrix.TransformDir(Gf.Vec3d(0, 1, 0))
    fov = camera.GetFieldOfView(Gf.Camera.FOVHorizontal)
    return CameraView(_floats(eye), _floats(target), _floats(up), float(fov))


def _color(prim: Any, frame: float) -> tuple[float, float, float]:  # noqa: ANN401
    """Return the diffuse colour of a prim's preview material, else its display colour."""
    from pxr import UsdGeom, UsdShade

    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    if material:
        shader, _, _ = material.ComputeSurfaceSource()
        diffuse = shader.GetInput("diffuseColor") if shader else None
        value = diffuse.Get(frame) if diffuse else None
        if value is not None:
            return _floats(value)
    colors = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get(frame)
    return _floats(colors[0]) if colors else GREY


def _floats(vector: Any) -> tuple[float, float, float]:  # noqa: ANN401
    x, y, z = (float(value) for value in vector)
    return x, y, z
