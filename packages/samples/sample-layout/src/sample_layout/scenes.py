"""Layouts as USD scenes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipl_pipe import PipelineError
from sample_pipeline.usd import (
    check_composed,
    new_stage,
    open_stage,
    product_context,
    write_layer,
)

from .placing import HORIZONTAL_APERTURE

if TYPE_CHECKING:
    from pathlib import Path

    from sample_model import ModelProduct

    from .placing import Placed, View

CAMERA = "/World/Camera"
"""Path of the camera, which animation and rendering rely on."""

CAST = "/World/Cast"
"""Path of the models' parent."""

_PACKL, _ROLE = "packl", "role"


@dataclass(frozen=True)
class Shot:
    """What a layout must know of its shot.

    Attributes:
        name: Its name, `sq010_sh010`.
        frames: First and last frame.
        fps: Frames in a second.
        resolution: Width and height in pixels, for the proportions of the camera.
    """

    name: str
    frames: tuple[int, int]
    fps: float
    resolution: tuple[int, ...]


def write_layout(path: Path, shot: Shot, placed: Sequence[Placed], view: View) -> None:
    """Write a scene that references models by their locations."""
    from pxr import Gf, UsdGeom

    stage = new_stage("World", shot.fps, product_context())
    stage.SetStartTimeCode(shot.frames[0])
    stage.SetEndTimeCode(shot.frames[1])
    UsdGeom.Scope.Define(stage, CAST)
    for each in placed:
        xform = UsdGeom.Xform.Define(stage, f"{CAST}/{each.name}")
        xform.AddTranslateOp().Set(Gf.Vec3d(*each.position))
        xform.AddRotateYOp().Set(each.turn)
        prim = xform.GetPrim()
        prim.SetCustomDataByKey(_PACKL, each.packl)
        prim.SetCustomDataByKey(_ROLE, each.role)
        prim.GetReferences().AddReference(each.location)
    camera = UsdGeom.Camera.Define(stage, CAMERA)
    width, height = shot.resolution
    camera.CreateFocalLengthAttr(view.focal_length)
    camera.CreateHorizontalApertureAttr(HORIZONTAL_APERTURE)
    camera.CreateVerticalApertureAttr(HORIZONTAL_APERTURE * height / width)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 1000))
    eye, target, up = Gf.Vec3d(*view.eye), Gf.Vec3d(*view.target), Gf.Vec3d(0, 1, 0)
    camera.AddTransformOp().Set(Gf.Matrix4d().SetLookAt(eye, target, up).GetInverse())
    check_composed(stage, path.name)
    write_layer(stage.GetRootLayer(), path)


def copy_layout(scene: Path, path: Path, models: Iterable[ModelProduct]) -> None:
    """Copy a layout, with references to the installed versions of its models.

    So a layout that is processed once more takes the models that it is processed with.

    Raises:
        PipelineError: It has a model on which its packl does not depend, or one is not found.
    """
    from pxr import Sdf

    locations = {model.name: str(model.model.location) for model in models}
    layer = Sdf.Layer.OpenAsAnonymous(str(scene))
    for prim in layer.GetPrimAtPath(CAST).nameChildren:
        packl = prim.customData.get(_PACKL)
        if packl is None:  # not placed by the build: somebody's own reference stays as it is
            continue
        if packl not in locations:
            msg = f"{prim.path} of the layout uses {packl}, which is not among the dependencies."
            raise PipelineError(msg, hint=f"pipl packl add {packl}")
        references = prim.referenceList
        references.ClearEdits()
        references.prependedItems.append(Sdf.Reference(locations[packl]))
    write_layer(layer, path)
    open_stage(path)


def characters(stage: Any) -> list[Any]:  # noqa: ANN401  pxr has no type information
    """Return the prims of a stage's characters."""
    cast = stage.GetPrimAtPath(CAST)
    return [prim for prim in cast.GetChildren() if prim.GetCustomDataByKey(_ROLE) == "character"]
