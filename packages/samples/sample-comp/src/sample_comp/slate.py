"""The slate: a line below the picture that says what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .lettering import draw_text

TEXT = (0.86, 0.87, 0.88)
DIM = (0.58, 0.60, 0.62)

STRIP = 0.11
"""Height of the darkened strip, as a part of the picture's."""

DARKEN = 0.28
"""What is left of the picture's light in the strip."""


@dataclass(frozen=True)
class Slate:
    """What the slate says.

    Attributes:
        show: Name of the show.
        sequence: Name of the sequence.
        shot: Name of the shot.
        task: Type of the task.
        version: Version of the task.
    """

    show: str
    sequence: str
    shot: str
    task: str
    version: str

    def burn_in(self, image: Any, frame: int) -> None:  # noqa: ANN401
        """Darken a strip at the lower edge of a picture, and write into it.

        Args:
            image: An `OpenImageIO.ImageBuf` of three channels.
            frame: Number of the frame.
        """
        import OpenImageIO as oiio  # noqa: N813

        spec = image.spec()
        strip = max(round(spec.height * STRIP), 1)
        top = spec.height - strip
        below = oiio.ROI(0, spec.width, top, spec.height, 0, 1, 0, spec.nchannels)
        oiio.ImageBufAlgo.mul(image, image, DARKEN, roi=below)
        size, edge = max(strip * 0.58, 4), strip * 0.5
        y = top + strip * 0.71
        middle = spec.width / 2
        shot = f"{self.sequence} {self.shot}"
        draw_text(image, self.show, (edge, y), size, DIM)
        draw_text(
            image, f"{shot}   {self.task} v{self.version}", (middle, y), size, TEXT, align="center"
        )
        draw_text(image, f"{frame:04}", (spec.width - edge, y), size, TEXT, align="right")
