"""Models as USD scenes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sample_pipeline.usd import new_stage, open_stage, write_layer

if TYPE_CHECKING:
    from pathlib import Path

    from .shapes import Part


def write_model(path: Path, name: str, parts: Sequence[Part], fps: float) -> None:
    """Write a model: a default prim with meshes below `Geom` and materials below `Looks`.

    Args:
        path: File to write.
        name: Name of the model; its default prim is called so.
        parts: Its meshes.
        fps: Frame rate of the show.
    """
    from pxr import Kind, Tf, Usd, UsdGeom

    stage = new_stage(Tf.MakeValidIdentifier(name), fps)
    root = stage.GetDefaultPrim()
    Usd.ModelAPI(root).SetKind(Kind.Tokens.component)
    Usd.ModelAPI(root).SetAssetName(name)
    base = root.GetPath()
    UsdGeom.Scope.Define(stage, base.AppendChild("Geom"))
    UsdGeom.Scope.Define(stage, base.AppendChild("Looks"))
    looks = {part.color: part for part in parts}
    materials = {
        color: _define_material(stage, base.AppendPath(f"Looks/{color}"), part)
        for color, part in sorted(looks.items())
    }
    for part in parts:
        _define_mesh(stage, base.AppendPath(f"Geom/{part.name}"), part, materials[part.color])
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    UsdGeom.ModelAPI(root).SetExtentsHint(UsdGeom.ModelAPI(root).ComputeExtentsHint(cache))
    write_layer(stage.GetRootLayer(), path)


def flatten(scene: Path, path: Path) -> None:
    """Write a scene and everything that it refers to into one layer."""
    write_layer(open_stage(scene).Flatten(), path)


def summary(scene: Path) -> list[str]:
    """Tell what is in a scene, in a few lines."""
    from pxr import Usd, UsdGeom

    stage = open_stage(scene)
    meshes = [prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]
    points = sum(len(UsdGeom.Mesh(prim).GetPointsAttr().Get()) for prim in meshes)
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    bounds = cache.ComputeWorldBound(stage.GetDefaultPrim()).ComputeAlignedRange()
    low, high = bounds.GetMin(), bounds.GetMax()
    return [
        f"default prim: {stage.GetDefaultPrim().GetPath()}",
        f"prims: {len(list(stage.Traverse()))}, {len(meshes)} of them meshes",
        f"points: {points}",
        f"bounds: {_place(low)} to {_place(high)} m",
    ]


def _define_material(stage: Any, path: Any, part: Part) -> Any:  # noqa: ANN401
    from pxr import Gf, Sdf, UsdShade

    material = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, path.AppendChild("Surface"))
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(Gf.Vec3f(*part.rgb))
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(0.6)
    surface = shader.CreateOutput("surface", Sdf.ValueTypeNames.Token)
    material.CreateSurfaceOutput().ConnectToSource(surface)
    return material


def _define_mesh(stage: Any, path: Any, part: Part, material: Any) -> None:  # noqa: ANN401
    from pxr import Gf, UsdGeom, UsdShade, Vt

    solid = part.solid
    mesh = UsdGeom.Mesh.Define(stage, path)
    points = Vt.Vec3fArray([Gf.Vec3f(*point) for point in solid.points])
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr([len(face) for face in solid.faces])
    mesh.CreateFaceVertexIndicesAttr([index for face in solid.faces for index in face])
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points))
    mesh.CreateDisplayColorAttr([Gf.Vec3f(*part.rgb)])
    if solid.normals:
        mesh.CreateNormalsAttr([Gf.Vec3f(*normal) for normal in solid.normals])
        mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    if any(part.pivot):
        mesh.AddTranslateOp().Set(Gf.Vec3d(*part.pivot))
    if part.joint:
        mesh.AddRotateXOp().Set(0.0)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)


def _place(point: Any) -> str:  # noqa: ANN401
    return "(" + ", ".join(f"{value:.2f}" for value in point) + ")"
