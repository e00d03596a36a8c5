"""What Blender builds, without Blender."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd

from sample_blender_env.meshes import GREY, MeshData, meshes_of

SCENE = """#usda 1.0
(
    metersPerUnit = 0.01
    upAxis = "{up}"
)
def Xform "World"
{{
    double3 xformOp:translate = (0, 100, 0)
    uniform token[] xformOpOrder = ["xformOp:translate"]
    def Mesh "Roof"
    {{
        point3f[] points = [(0, 0, 0), (100, 0, 0), (0, 100, 0), (0, 0, 100)]
        int[] faceVertexCounts = [3, 4]
        int[] faceVertexIndices = [0, 1, 2, 0, 1, 2, 3]
        {color}
    }}
}}
"""
COLOR = "color3f[] primvars:displayColor = [(1, 0.5, 0.25)]"


def meshes(**values):
    layer = Sdf.Layer.CreateAnonymous(".usda")
    assert layer.ImportFromString(SCENE.format(**values))
    return list(meshes_of(Usd.Stage.Open(layer)))


def test_they_are_in_metres_with_z_up():
    (mesh,) = meshes(up="Y", color=COLOR)
    assert mesh == MeshData(
        "Roof",
        tuple(map(pytest.approx, [(0, 0, 1), (1, 0, 1), (0, 0, 2), (0, -1, 1)])),
        ((0, 1, 2), (0, 1, 2, 3)),
        (1.0, 0.5, 0.25),
    )


def test_z_may_be_up_already_and_no_colour_is_grey():
    (mesh,) = meshes(up="Z", color="")
    assert mesh.points[1:3] == (pytest.approx((1, 1, 0)), pytest.approx((0, 2, 0)))
    assert mesh.color == GREY
