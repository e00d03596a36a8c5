"""From USD to triangles."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from pipl_pipe import PipelineError
from sample_render.usd_geometry import (
    GREY,
    camera_view,
    transformed_normals,
    triangle_meshes,
    triangulated,
)


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    xform = UsdGeom.Xform.Define(stage, "/World")
    xform.AddTranslateOp().Set(Gf.Vec3d(0, 1, 0), 1)
    xform.GetPrim().GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 3, 0), 3)
    mesh = UsdGeom.Mesh.Define(stage, "/World/Quad")
    mesh.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)])
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    return stage


def test_polygons_become_fans():
    counts, indices = np.array([3, 4, 3]), np.arange(10)
    assert triangulated(counts, indices).tolist() == [[0, 1, 2], [7, 8, 9], [3, 4, 5], [3, 5, 6]]


def test_no_polygons_give_no_triangles():
    nothing = np.zeros(0, dtype=np.int64)
    assert triangulated(nothing, nothing).shape == (0, 3)


def test_meshes_are_in_world_space_at_their_frame(stage):
    (mesh,) = triangle_meshes(stage, 2)
    assert mesh.name == "/World/Quad"
    assert mesh.points.tolist() == [[0, 2, 0], [1, 2, 0], [1, 3, 0], [0, 3, 0]]
    assert mesh.triangles.tolist() == [[0, 1, 2], [0, 2, 3]]
    assert mesh.normals is None
    assert mesh.color == GREY


def test_the_display_color_is_taken(stage):
    UsdGeom.Mesh(stage.GetPrimAtPath("/World/Quad")).CreateDisplayColorAttr([(0.5, 0.25, 0.125)])
    (mesh,) = triangle_meshes(stage, 1)
    assert mesh.color == (0.5, 0.25, 0.125)


def test_invisible_meshes_are_left_out(stage):
    UsdGeom.Imageable(stage.GetPrimAtPath("/World")).MakeInvisible()
    assert list(triangle_meshes(stage, 1)) == []


def test_left_handed_meshes_are_turned(stage):
    UsdGeom.Mesh(stage.GetPrimAtPath("/World/Quad")).CreateOrientationAttr("leftHanded")
    (mesh,) = triangle_meshes(stage, 1)
    assert mesh.triangles.tolist() == [[2, 1, 0], [3, 2, 0]]


def test_normals_stay_upright_where_points_are_stretched():
    slope = np.array([[1.0, 1.0, 0.0]])
    stretched = np.diag([2.0, 1.0, 1.0, 1.0])
    (normal,) = transformed_normals(slope, stretched)
    along = np.array([1.0, -1.0, 0.0]) @ stretched[:3, :3]
    assert normal @ along == pytest.approx(0.0)
    assert np.linalg.norm(normal) == pytest.approx(1.0)


def test_the_camera_looks_along_its_minus_z(stage):
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.AddTranslateOp().Set(Gf.Vec3d(1, 2, 3))
    camera.CreateFocalLengthAttr(18.0)
    camera.CreateHorizontalApertureAttr(36.0)
    view = camera_view(stage, 1)
    assert view.eye == (1, 2, 3)
    assert view.target == (1, 2, 2)
    assert view.up == (0, 1, 0)
    assert view.fov == pytest.approx(90.0)


def test_a_stage_without_a_camera_is_refused(stage):
    with pytest.raises(PipelineError, match="has no camera"):
        camera_view(stage, 1)
