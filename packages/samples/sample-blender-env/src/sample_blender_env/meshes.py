"""The meshes of a USD stage, as plain data: what Blender needs to build them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float, float]


@dataclass(frozen=True)
class MeshData:
    """A mesh in the world's space, in metres, with Z up as Blender has it.

    Attributes:
        name: Name of its prim.
        points: Corners.
        faces: Indices of each face's corners.
        color: Its display colour; grey where it has none.
    """

    name: str
    points: tuple[Point, ...]
    faces: tuple[tuple[int, ...], ...]
    color: Point


GREY = (0.5, 0.5, 0.5)


def meshes_of(stage: Any, frame: float | None = None) -> Iterator[MeshData]:  # noqa: ANN401
    """Yield the meshes of a USD stage that are to be rendered.

    Args:
        stage: The stage.
        frame: At this frame; the values that do not change where None.
    """
    from pxr import Usd, UsdGeom

    time = Usd.TimeCode.Default() if frame is None else Usd.TimeCode(frame)
    transforms = UsdGeom.XformCache(time)
    scale = UsdGeom.GetStageMetersPerUnit(stage)
    y_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    for prim in stage.Traverse():
        if not prim.IsA(UsdGeom.Mesh):
            continue
        mesh = UsdGeom.Mesh(prim)
        matrix = transforms.GetLocalToWorldTransform(prim)
        points = [matrix.Transform(point) * scale for point in mesh.GetPointsAttr().Get(time)]
        yield MeshData(
            prim.GetName(),
            tuple(_z_up(point) if y_up else _plain(point) for point in points),
            tuple(_faces(mesh, time)),
            _color(mesh, time),
        )


def _faces(mesh: Any, time: Any) -> Iterator[tuple[int, ...]]:  # noqa: ANN401
    indices = list(mesh.GetFaceVertexIndicesAttr().Get(time))
    start = 0
    for count in mesh.GetFaceVertexCountsAttr().Get(time):
        yield tuple(indices[start : start + count])
        start += count


def _color(mesh: Any, time: Any) -> Point:  # noqa: ANN401
    colors = mesh.GetDisplayColorAttr().Get(time)
    return _plain(colors[0]) if colors else GREY


def _z_up(point: Any) -> Point:  # noqa: ANN401
    x, y, z = _plain(point)
    return (x, -z, y)


def _plain(point: Any) -> Point:  # noqa: ANN401
    return (float(point[0]), float(point[1]), float(point[2]))
