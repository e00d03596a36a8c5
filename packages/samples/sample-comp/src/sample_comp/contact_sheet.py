"""One picture of a whole show: `sample-contact-sheet OUT.png`.

A row for each shot, in the order of sequences and shots, with its first, middle and last frame.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipl_hooks import PiplError, import_name
from pipl_pipe import InstalledPackl, PipelineError, services
from sample_pipeline.inputs import entity_value, sample_config

from .frames import image_of, numbered_files, read_pixels, write_png
from .lettering import BOLD, draw_text

BACKGROUND = (0.070, 0.075, 0.085)
PANEL = (0.105, 0.112, 0.125)
ACCENT = (0.93, 0.44, 0.16)
BRIGHT = (0.93, 0.94, 0.95)
DIM = (0.55, 0.58, 0.62)

COLUMNS = 3
TILE_WIDTH = 384
"""Pixels; frames of other sizes are scaled to it."""
MARGIN, GAP, LABEL, HEADER, PADDING = 36, 10, 148, 104, 14


@dataclass(frozen=True)
class Row:
    """What the sheet shows of a shot.

    Attributes:
        sequence: Name of the sequence.
        shot: Name of the shot.
        version: Version of the comp.
        frames: First and last frame of the shot.
        images: Frames to show, with their numbers.
    """

    sequence: str
    shot: str
    version: str
    frames: str
    images: Sequence[tuple[int, Path]]


def installed_rows() -> list[Row]:
    """Return a row for each comp that is installed here, in the order of the show."""
    rows = []
    for name in services.products.names():
        if InstalledPackl(import_name(name)).info.type != "comp":
            continue
        comp: Any = services.products.get(name)
        images = list(numbered_files(comp.frames.path()))
        rows.append(
            Row(
                sequence=entity_value(comp, "sequence"),
                shot=entity_value(comp, "shot"),
                version=comp.version,
                frames=comp.entity.get("frames", f"{images[0][0]}-{images[-1][0]}"),
                images=_first_middle_last(images),
            )
        )
    return sorted(rows, key=lambda row: (row.sequence, row.shot))


def make_sheet(show: str, rows: Sequence[Row]) -> Any:  # noqa: ANN401  an OpenImageIO.ImageBuf
    """Draw the contact sheet.

    Args:
        show: Name of the show.
        rows: Its shots.

    Raises:
        PipelineError: There is nothing to show.
    """
    if not rows:
        msg = "No comp is installed in this environment."
        raise PipelineError(msg, hint="pipl work install NAME, with the name of a comp's Product.")
    tiles = [[(number, _tile(file)) for number, file in row.images] for row in rows]
    tile_height = max(tile.shape[0] for row in tiles for _, tile in row)
    row_height = tile_height + 2 * PADDING
    width = 2 * MARGIN + LABEL + COLUMNS * TILE_WIDTH + (COLUMNS - 1) * GAP + 2 * PADDING
    height = HEADER + len(rows) * (row_height + GAP) - GAP + MARGIN
    pixels = np.full((height, width, 3), BACKGROUND, dtype=np.float32)
    pixels[HEADER - 16 : HEADER - 14, MARGIN : width - MARGIN] = ACCENT
    for index, row in enumerate(tiles):
        top = HEADER + index * (row_height + GAP)
        pixels[top : top + row_height, MARGIN : width - MARGIN] = PANEL
        for column, (_, tile) in enumerate(row):
            left = MARGIN + PADDING + LABEL + column * (TILE_WIDTH + GAP)
            below = top + PADDING + tile.shape[0]
            pixels[top + PADDING : below, left : left + TILE_WIDTH] = tile
    image = image_of(pixels)
    sequences = len({row.sequence for row in rows})
    counted = f"{_count(sequences, 'sequence')}   {_count(len(rows), 'shot')}"
    draw_text(image, show, (MARGIN, HEADER - 38), 40, BRIGHT, font=BOLD)
    draw_text(image, counted, (width - MARGIN, HEADER - 38), 18, DIM, align="right")
    for index, each in enumerate(rows):
        left, top = MARGIN + PADDING, HEADER + index * (row_height + GAP) + PADDING
        draw_text(image, each.sequence, (left, top + 18), 18, DIM)
        draw_text(image, each.shot, (left, top + 54), 32, BRIGHT, font=BOLD)
        draw_text(image, f"comp v{each.version}", (left, top + 84), 18, ACCENT)
        draw_text(image, each.frames, (left, top + 108), 18, DIM)
    return image


def main() -> int:
    """Make a contact sheet of all comps that are installed here."""
    parser = argparse.ArgumentParser(prog="sample-contact-sheet", description=main.__doc__)
    parser.add_argument("out", type=Path, help="the picture to write: OUT.png")
    out = parser.parse_args().out
    try:
        rows = installed_rows()
        write_png(make_sheet(sample_config()["show"], rows), out)
    except PiplError as error:
        print(f"sample-contact-sheet: {error}", file=sys.stderr)  # noqa: T201  this is a program
        return 1
    print(f"{out}: {_count(len(rows), 'shot')}", file=sys.stderr)  # noqa: T201
    return 0


def _first_middle_last(images: list[tuple[int, Path]]) -> list[tuple[int, Path]]:
    chosen = {0: None, len(images) // 2: None, len(images) - 1: None}
    return [images[index] for index in sorted(chosen)]


def _tile(file: Path) -> Any:  # noqa: ANN401  a numpy array
    import OpenImageIO as oiio  # noqa: N813

    pixels = read_pixels(file)
    height = max(round(pixels.shape[0] * TILE_WIDTH / pixels.shape[1]), 1)
    if pixels.shape[:2] == (height, TILE_WIDTH):
        return pixels
    roi = oiio.ROI(0, TILE_WIDTH, 0, height, 0, 1, 0, 3)
    scaled = oiio.ImageBufAlgo.resize(image_of(pixels), filtername="lanczos3", roi=roi)
    return np.clip(np.asarray(scaled.get_pixels(oiio.FLOAT)), 0.0, 1.0)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


if __name__ == "__main__":
    sys.exit(main())
