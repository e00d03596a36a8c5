"""The studio's Asset types, and what must be right about their bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipl_hooks import Problem
from pipl_pipe import AssetType

if TYPE_CHECKING:
    from pathlib import Path


class UsdAsset(AssetType):
    """A USD layer in the text format, fit to be referenced: it has a default prim."""

    type_name = "usd"
    suffix = ".usda"

    def check(self, path: Path) -> Iterator[Problem]:
        """Find out whether the layer opens, and whether it has a default prim."""
        try:
            from pxr import Sdf, Tf
        except ImportError:
            yield _missing("usd-core", path)
            return
        try:
            layer = Sdf.Layer.OpenAsAnonymous(str(path))
        except Tf.ErrorException as error:
            yield Problem(f"{path.name} cannot be read by USD: {_first_line(error)}")
            return
        if not layer:
            yield Problem(f"{path.name} cannot be read by USD.")
        elif not layer.defaultPrim:
            hint = "Set defaultPrim, so that others can reference the layer without a prim path."
            yield Problem(f"{path.name} has no default prim.", hint)


class SettingsAsset(AssetType):
    """A JSON object with the settings of a tool."""

    type_name = "settings"
    suffix = ".json"

    def check(self, path: Path) -> Iterator[Problem]:
        """Find out whether the file holds a JSON object."""
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield Problem(f"{path.name} is not valid JSON: {error}")
            return
        if not isinstance(settings, dict):
            yield Problem(f"{path.name} holds no JSON object.", 'Write {"name": value, ...}.')


class _ImageSequence(AssetType):
    """Numbered images, `<base name>.<frame><suffix>`, of one resolution."""

    shape = "sequence"

    def check(self, path: Path) -> Iterator[Problem]:
        """Find out whether the files are numbered, can be opened, and have one resolution."""
        numbered = re.compile(rf".+\.[0-9]{{4,}}{re.escape(self.suffix)}\Z")
        files = sorted(path.iterdir())
        for file in files:
            if not numbered.match(file.name):
                hint = f"Name it <name>.<frame>{self.suffix}, with four digits or more."
                yield Problem(f"{file.name} is not a frame of a sequence.", hint)
        frames = [file for file in files if numbered.match(file.name)]
        if not frames:
            yield Problem(f"There are no frames in {path.name}.")
            return
        yield from _check_resolutions(frames)


class ExrAsset(_ImageSequence):
    """A sequence of OpenEXR images."""

    type_name = "exr"
    suffix = ".exr"


class PngAsset(_ImageSequence):
    """A sequence of PNG images."""

    type_name = "png"
    suffix = ".png"


def _check_resolutions(frames: list[Path]) -> Iterator[Problem]:
    try:
        import OpenImageIO as oiio  # noqa: N813  the name by which everybody knows it
    except ImportError:
        yield _missing("openimageio", frames[0])
        return
    first = None
    for frame in frames:
        image = oiio.ImageInput.open(str(frame))
        if image is None:
            yield Problem(f"{frame.name} cannot be opened: {oiio.geterror()}", "Write it again.")
            continue
        size = (image.spec().width, image.spec().height)
        image.close()
        first = first or size
        if size != first:
            yield Problem(
                f"{frame.name} is {size[0]}x{size[1]}, but the first frame {first[0]}x{first[1]}."
            )


def _missing(distribution: str, path: Path) -> Problem:
    return Problem(
        f"{path.name} cannot be checked, since {distribution} is not installed here.",
        f"Install {distribution}, or the packl of a Task type that depends on it.",
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
