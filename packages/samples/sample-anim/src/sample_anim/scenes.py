"""Animation as USD layers over a layout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sample_layout.scenes import CAMERA, characters
from sample_pipeline.usd import compose, open_stage, write_layer

from . import moving

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_pipe import BoundAsset

DIGITS = 5
"""Decimals of what is written: a hundredth of a millimetre, and the same text everywhere."""


def write_anim(path: Path, layout: BoundAsset, frames: tuple[int, int]) -> None:
    """Write a layer over a layout.

    Args:
        path: File to write.
        layout: The layout's Asset; the layer refers to its location.
        frames: First and last frame.
    """
    layer = _layer_over(open_stage(layout.path()), str(layout.location), frames)
    stage = compose(layer, path.name)
    for character in characters(stage):
        _animate_character(character, frames, stage.GetTimeCodesPerSecond())
    _animate_camera(stage.GetPrimAtPath(CAMERA), frames)
    write_layer(layer, path)


def copy_anim(scene: Path, path: Path, location: str) -> None:
    """Copy an animation, over the layout at `location` instead of the one it was made on."""
    from pxr import Sdf

    layer = Sdf.Layer.OpenAsAnonymous(str(scene))
    layer.subLayerPaths[-1] = location
    write_layer(layer, path)
    open_stage(path)


def _layer_over(below: Any, location: str, frames: tuple[int, int]) -> Any:  # noqa: ANN401
    """Make a layer whose stage has the frames, units and default prim of the one below."""
    from pxr import Sdf, UsdGeom

    layer = Sdf.Layer.CreateAnonymous(".usda")
    layer.subLayerPaths.append(location)
    layer.defaultPrim = below.GetRootLayer().defaultPrim
    layer.startTimeCode, layer.endTimeCode = frames
    layer.timeCodesPerSecond = below.GetTimeCodesPerSecond()
    layer.framesPerSecond = below.GetFramesPerSecond()
    # A stage takes these from its root layer alone.
    layer.pseudoRoot.SetInfo(UsdGeom.Tokens.upAxis, UsdGeom.GetStageUpAxis(below))
    layer.pseudoRoot.SetInfo(UsdGeom.Tokens.metersPerUnit, UsdGeom.GetStageMetersPerUnit(below))
    return layer


def _animate_character(prim: Any, frames: tuple[int, int], fps: float) -> None:  # noqa: ANN401
    from pxr import Gf, Usd

    first, last = frames
    translate = prim.GetAttribute("xformOp:translate")
    origin = translate.Get()
    turn = math.radians(prim.GetAttribute("xformOp:rotateY").Get() or 0.0)
    joints = {
        child.GetName(): child.GetAttribute("xformOp:rotateX")
        for child in Usd.PrimRange(prim)
        if child.GetName() in moving.SWING and child.HasAttribute("xformOp:rotateX")
    }
    for frame in range(first, last + 1):
        angle = moving.phase(frame, first, fps)
        way = moving.walked(moving.progress(frame, first, last))
        offset = (way * math.sin(turn), moving.bob(angle), way * math.cos(turn))
        place = (round(base + move, DIGITS) for base, move in zip(origin, offset))
        translate.Set(Gf.Vec3d(*place), frame)
        for name, rotate in joints.items():
            rotate.Set(round(moving.swing(name, angle), DIGITS), frame)


def _animate_camera(prim: Any, frames: tuple[int, int]) -> None:  # noqa: ANN401
    from pxr import Gf

    first, last = frames
    transform = prim.GetAttribute("xformOp:transform")
    matrix = transform.Get()
    # The camera looks along its own -Z; what it looks at is about its distance from the origin.
    distance = matrix.ExtractTranslation().GetLength()
    for frame in range(first, last + 1):
        near = moving.PUSH_IN * moving.eased(moving.progress(frame, first, last))
        step = Gf.Matrix4d().SetTranslate(Gf.Vec3d(0, 0, -near * distance))
        transform.Set(step * matrix, frame)
