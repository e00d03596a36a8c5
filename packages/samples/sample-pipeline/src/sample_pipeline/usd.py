"""Opens and writes USD stages; `pxr` is imported when one of the functions is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipl_pipe import PipelineError, services

if TYPE_CHECKING:
    from pathlib import Path


def open_stage(path: Path) -> Any:  # noqa: ANN401  pxr has no type information
    """Open a USD stage in which published Assets are found by their locations.

    Raises:
        PipelineError: It cannot be opened, or something that it refers to cannot be found.
    """
    from pxr import Sdf, Tf

    try:
        layer = Sdf.Layer.FindOrOpen(str(path))
    except Tf.ErrorException as error:
        msg = f"{path.name} cannot be read by USD."
        raise PipelineError(msg, context=str(error).strip()) from error
    if not layer:
        msg = f"{path.name} cannot be read by USD."
        raise PipelineError(msg, context=f"There is no layer at {path}.")
    return compose(layer, path.name)


def compose(layer: Any, name: str) -> Any:  # noqa: ANN401
    """Make the stage of a layer that is open already.

    The search path is given along with the stage, so that this works in any environment; other
    tools get it from the EnvSet of sample-usd-env.

    Args:
        layer: The root layer.
        name: What to call it in an error.

    Raises:
        PipelineError: Something that it refers to cannot be found.
    """
    from pxr import Usd

    stage = Usd.Stage.Open(layer, product_context())
    check_composed(stage, name)
    return stage


def product_context() -> Any:  # noqa: ANN401
    """Return the context in which USD's default resolver finds Assets by their locations."""
    from pxr import Ar

    return Ar.DefaultResolverContext([str(services.asset_store.products)])


def check_composed(stage: Any, name: str) -> None:  # noqa: ANN401
    """Make sure that everything was found that a stage refers to.

    Args:
        stage: The stage.
        name: What to call it in an error.

    Raises:
        PipelineError: Something was not found; USD itself only warns.
    """
    errors = stage.GetCompositionErrors()
    if errors:
        msg = f"{name} refers to something that cannot be read."
        hint = "Build the scene again, so that it refers to the versions that are installed."
        raise PipelineError(msg, context="\n".join(map(str, errors)), hint=hint)


def new_stage(default_prim: str, fps: float, context: Any = None) -> Any:  # noqa: ANN401
    """Make an empty stage in memory: metres, Y up, with an Xform as its default prim.

    Args:
        default_prim: Name of the default prim.
        fps: Frames in a second.
        context: Context for what it is going to refer to.
    """
    from pxr import Ar, Usd, UsdGeom

    stage = Usd.Stage.CreateInMemory("new.usda", context or Ar.DefaultResolverContext([]))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(fps)
    stage.SetFramesPerSecond(fps)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, f"/{default_prim}").GetPrim())
    return stage


def write_layer(layer: Any, path: Path) -> None:  # noqa: ANN401
    """Write a layer to a file, whether or not there is one already.

    Comments and documentation are left out: USD's flattening, among others, puts paths of this
    machine there, and the same scene is to give the same bytes everywhere.

    Raises:
        PipelineError: The file cannot be written.
    """
    from pxr import Sdf

    clean = Sdf.Layer.CreateAnonymous(path.suffix)
    clean.TransferContent(layer)
    clean.documentation = ""
    clean.comment = ""
    if not clean.Export(str(path)):
        msg = f"{path} could not be written."
        raise PipelineError(msg, hint="Check free space and permissions.")
