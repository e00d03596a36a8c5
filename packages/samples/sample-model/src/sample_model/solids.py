"""Solids as polygons: boxes and lathed profiles, in metres, with Y up. Pure geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Solid:
    """A polygon mesh.

    Attributes:
        points: Corners.
        faces: Indices of each face's corners, counterclockwise as seen from outside.
        normals: A normal at each corner where the solid is smooth, or nothing where it is faceted.
    """

    points: tuple[Point, ...]
    faces: tuple[tuple[int, ...], ...]
    normals: tuple[Point, ...] = ()

    def moved(self, x: float, y: float, z: float) -> Solid:
        """Return the solid somewhere else."""
        points = tuple((px + x, py + y, pz + z) for px, py, pz in self.points)
        return replace(self, points=points)


def box(width: float, height: float, depth: float, center: Point = (0, 0, 0)) -> Solid:
    """Return a box around `center`."""
    x, y, z = width / 2, height / 2, depth / 2
    corners = [(i, j, k) for i in (-x, x) for j in (-y, y) for k in (-z, z)]
    faces = (
        (0, 1, 3, 2),
        (4, 6, 7, 5),
        (0, 4, 5, 1),
        (2, 3, 7, 6),
        (0, 2, 6, 4),
        (1, 5, 7, 3),
    )
    return Solid(tuple(corners), faces).moved(*center)


def merged(solids: Sequence[Solid]) -> Solid:
    """Return several faceted solids as one."""
    points: list[Point] = []
    faces: list[tuple[int, ...]] = []
    for solid in solids:
        faces += [tuple(index + len(points) for index in face) for face in solid.faces]
        points += solid.points
    return Solid(tuple(points), tuple(faces))


def lathe(profile: Sequence[tuple[float, float]], segments: int = 24) -> Solid:
    """Turn a profile around the Y axis.

    Args:
        profile: (radius, height) from the bottom to the top; a radius of 0 makes a pole.
        segments: Faces around.
    """
    points: list[Point] = []
    normals: list[Point] = []
    rings: list[list[int]] = []
    for index, (radius, height) in enumerate(profile):
        out, up = _profile_normal(profile, index)
        count = segments if radius > 0 else 1
        rings.append(list(range(len(points), len(points) + count)))
        for step in range(count):
            angle = 2 * math.pi * step / segments
            sine, cosine = math.sin(angle), math.cos(angle)
            points.append((radius * sine, height, radius * cosine))
            pole = (0.0, math.copysign(1.0, up), 0.0)
            normals.append((out * sine, up, out * cosine) if radius > 0 else pole)
    faces: list[tuple[int, ...]] = []
    for lower, upper in zip(rings, rings[1:]):
        for step in range(segments):
            corners = (
                lower[step % len(lower)],
                lower[(step + 1) % len(lower)],
                upper[(step + 1) % len(upper)],
                upper[step % len(upper)],
            )
            face = tuple(dict.fromkeys(corners))
            if len(face) > 2:  # noqa: PLR2004  two poles in a row make no face
                faces.append(face)
    return Solid(tuple(points), tuple(faces), tuple(normals))


def capsule(radius: float, bottom: float, top: float, segments: int = 16) -> Solid:
    """Return an upright rod with round ends, from `bottom` to `top`."""
    return lathe(
        [
            *((r * radius, bottom + radius - h * radius) for r, h in _QUARTER),
            *((r * radius, top - radius + h * radius) for r, h in reversed(_QUARTER)),
        ],
        segments,
    )


def ball(radius: float, center: Point = (0, 0, 0), segments: int = 16) -> Solid:
    """Return a sphere."""
    below = [(r * radius, -h * radius) for r, h in _QUARTER]
    above = [(r * radius, h * radius) for r, h in reversed(_QUARTER[:-1])]
    return lathe([*below, *above], segments).moved(*center)


_STEPS = 4
_QUARTER = [
    (
        math.sin(math.pi / 2 * step / _STEPS) if step else 0.0,
        math.cos(math.pi / 2 * step / _STEPS),
    )
    for step in range(_STEPS + 1)
]


def _profile_normal(profile: Sequence[tuple[float, float]], index: int) -> tuple[float, float]:
    before, after = profile[max(index - 1, 0)], profile[min(index + 1, len(profile) - 1)]
    out, up = after[1] - before[1], before[0] - after[0]
    length = math.hypot(out, up) or 1.0
    return out / length, up / length
