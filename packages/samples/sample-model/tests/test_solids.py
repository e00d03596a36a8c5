"""Geometry: closed, and facing outwards."""

from __future__ import annotations

import math

import pytest

from sample_model.shapes import model_parts
from sample_model.solids import ball, box, capsule, lathe, merged


def volume(solid):
    """Return the volume inside a closed solid; negative if its faces look inwards."""
    total = 0.0
    for face in solid.faces:
        a = solid.points[face[0]]
        for i in range(1, len(face) - 1):
            b, c = solid.points[face[i]], solid.points[face[i + 1]]
            cross = (
                b[1] * c[2] - b[2] * c[1],
                b[2] * c[0] - b[0] * c[2],
                b[0] * c[1] - b[1] * c[0],
            )
            total += sum(x * y for x, y in zip(a, cross)) / 6
    return total


def test_a_box_has_its_volume():
    assert volume(box(1, 2, 3)) == pytest.approx(6)
    assert volume(box(1, 2, 3, (5, 5, 5))) == pytest.approx(6)
    assert box(1, 2, 3).normals == ()


def test_a_lathed_profile_has_its_volume():
    cylinder = lathe([(0, 0), (1, 0), (1, 2), (0, 2)], segments=256)
    assert volume(cylinder) == pytest.approx(2 * math.pi, rel=1e-3)
    assert len(cylinder.points) == 2 * 256 + 2


def test_a_ball_is_round():
    solid = ball(2.0, segments=32)
    assert volume(solid) == pytest.approx(4 / 3 * math.pi * 8, rel=0.06)
    for point, normal in zip(solid.points, solid.normals):
        assert math.dist(point, (0, 0, 0)) == pytest.approx(2.0)
        assert sum(p * n for p, n in zip(point, normal)) > 1.9


def test_a_capsule_reaches_from_bottom_to_top():
    heights = [y for _, y, _ in capsule(0.1, -0.4, 0.05).points]
    assert (min(heights), max(heights)) == pytest.approx((-0.4, 0.05))


def test_solids_are_merged():
    solid = merged([box(1, 1, 1), box(1, 1, 1, (3, 0, 0))])
    assert (len(solid.points), len(solid.faces)) == (16, 12)
    assert volume(solid) == pytest.approx(2)


def test_a_pole_makes_triangles_and_no_doubled_corners():
    cone = lathe([(1, 0), (0, 1)], segments=8)
    assert len(cone.points) == 9
    assert all(len(face) == len(set(face)) == 3 for face in cone.faces)


@pytest.mark.parametrize("name", ["hero", "crate", "ground", "vase", "lamp"])
def test_models_are_the_same_each_time(name):
    parts = model_parts(name)
    assert parts == model_parts(name)
    names = [part.name for part in parts]
    assert len(names) == len(set(names))
    for part in parts:
        corners = {index for face in part.solid.faces for index in face}
        assert corners == set(range(len(part.solid.points)))
        assert len(part.solid.normals) in {0, len(part.solid.points)}


def test_other_names_give_other_vases():
    assert model_parts("vase") != model_parts("lamp")


def test_the_hero_stands_on_the_ground():
    low = min(
        point[1] + part.pivot[1] for part in model_parts("hero") for point in part.solid.points
    )
    assert low == pytest.approx(0.0, abs=0.01)
