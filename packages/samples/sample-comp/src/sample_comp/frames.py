"""Reads rendered frames and writes graded ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipl_pipe import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

    from .grading import Grade
    from .slate import Slate

_NUMBER = re.compile(r"\.([0-9]+)\.[a-z]+\Z")


def comp_frames(renders: Path, grade: Grade, slate: Slate, folder: Path, base_name: str) -> None:
    """Grade each frame of a sequence into `<folder>/<base name>.<frame>.png`.

    Args:
        renders: Folder of the rendered frames.
        grade: The grade.
        slate: What the slate says.
        folder: Folder of the new images, which exists.
        base_name: Beginning of their names.
    """
    for frame, file in numbered_files(renders):
        image = image_of(grade.apply(read_pixels(file)))
        if grade.slate:
            slate.burn_in(image, frame)
        write_png(image, folder / f"{base_name}.{frame:04}.png")


def numbered_files(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield the frames of a sequence with their numbers, in their order."""
    found = ((_NUMBER.search(file.name), file) for file in folder.iterdir())
    yield from sorted((int(number[1]), file) for number, file in found if number)


def read_pixels(file: Path) -> Any:  # noqa: ANN401  a numpy array
    """Return the first three channels of an image, as floats.

    Raises:
        PipelineError: It cannot be read.
    """
    import OpenImageIO as oiio  # noqa: N813

    image = oiio.ImageBuf(str(file))
    if not image.read(convert=oiio.FLOAT):
        msg = f"{file.name} cannot be read."
        raise PipelineError(msg, context=image.geterror() or str(file))
    return np.asarray(image.get_pixels(oiio.FLOAT))[:, :, :3]


def image_of(pixels: Any) -> Any:  # noqa: ANN401
    """Return an `OpenImageIO.ImageBuf` of floats."""
    import OpenImageIO as oiio  # noqa: N813

    return oiio.ImageBuf(np.ascontiguousarray(pixels, dtype=np.float32))


def write_png(image: Any, file: Path) -> None:  # noqa: ANN401
    """Write an image with 8 bits a channel.

    Raises:
        PipelineError: It cannot be written.
    """
    # The pixels are what a display shows already: no reader is to convert them again.
    image.specmod().attribute("oiio:ColorSpace", "sRGB")
    if not image.write(str(file), "uint8"):
        msg = f"{file} could not be written."
        raise PipelineError(msg, context=image.geterror())
