"""Text in pictures, with a font that OpenImageIO brings along: it looks the same anywhere."""

from __future__ import annotations

from typing import Any

REGULAR = "DroidSans"
BOLD = "DroidSans-Bold"

Color = tuple[float, ...]


def draw_text(
    image: Any,  # noqa: ANN401  OpenImageIO has no type information
    text: str,
    at: tuple[float, float],
    size: float,
    color: Color,
    *,
    align: str = "left",
    font: str = REGULAR,
) -> None:
    """Draw a line of text into an image.

    Args:
        image: An `OpenImageIO.ImageBuf`.
        text: What to write.
        at: Where, in pixels: the baseline's left end, middle or right end, as `align` says.
        size: Height of the letters in pixels.
        color: A value for each channel.
        align: `left`, `center` or `right`.
        font: Name of a font that OpenImageIO knows.

    Raises:
        PipelineError: OpenImageIO cannot draw it.
    """
    import OpenImageIO as oiio  # noqa: N813

    from pipl_pipe import PipelineError

    x, y = (round(value) for value in at)
    done = oiio.ImageBufAlgo.render_text(
        image, x, y, text, round(size), font, color, alignx=align, aligny="baseline"
    )
    if not done:
        msg = f"The text {text!r} could not be drawn."
        hint = "OpenImageIO 3 wheels bring this font; others may be built without FreeType."
        raise PipelineError(msg, context=image.geterror(), hint=hint)
