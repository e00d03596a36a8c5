"""What people set for a render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipl_pipe import PipelineError
from sample_pipeline.inputs import seed_of

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """The sky, which lights from everywhere, and the sun.

    Attributes:
        sky: Radiance, linear Rec. 709.
        sun: Irradiance.
        direction: In which the sun's light goes.
    """

    sky: Triple
    sun: Triple
    direction: Triple


LIGHTS = (
    Light(sky=(0.38, 0.55, 0.75), sun=(3.00, 2.70, 2.20), direction=(-0.55, -0.80, -0.45)),
    Light(sky=(0.62, 0.42, 0.36), sun=(3.60, 1.90, 0.85), direction=(0.75, -0.42, -0.55)),
    Light(sky=(0.48, 0.58, 0.66), sun=(2.10, 2.15, 2.20), direction=(-0.50, -0.70, -0.35)),
)
"""Noon, evening, and a hazy morning: each sequence has one of them."""


@dataclass(frozen=True)
class RenderSettings:
    """How to render a shot.

    Attributes:
        frames: Frames, in the notation of fileseq: `1001-1048x12`.
        resolution: Width and height in pixels.
        samples: Samples of each pixel.
        seed: Start of the renderer's random numbers, so that two renders have the same pixels.
        light: The light.
    """

    frames: str
    resolution: tuple[int, int]
    samples: int
    seed: int
    light: Light

    @classmethod
    def for_shot(
        cls, sequence: str, shot: str, frames: str, resolution: Sequence[int], samples: int
    ) -> RenderSettings:
        """Return the settings with which a shot starts."""
        width, height = resolution
        light = LIGHTS[seed_of(f"sun {sequence}") % len(LIGHTS)]
        seed = seed_of(f"{sequence}_{shot}")
        return cls(frames, (width, height), samples, seed, light)

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RenderSettings:
        """Read settings that people may have changed.

        Raises:
            PipelineError: Something is missing, or makes no sense.
        """
        try:
            width, height = (int(value) for value in data["resolution"])
            light = Light(*(_triple(data["light"][name]) for name in ("sky", "sun", "direction")))
            samples, seed = int(data["samples"]), int(data["seed"])
            settings = cls(str(data["frames"]), (width, height), samples, seed, light)
        except (KeyError, TypeError, ValueError) as error:
            msg = "The settings of the render are not complete."
            hint = "Build them again, or repair the file by hand."
            raise PipelineError(msg, context=repr(error), hint=hint) from error
        if min(width, height, samples) < 1:
            msg = "The settings of the render ask for no pixels, or no samples."
            raise PipelineError(msg, context=f"{width}x{height}, {samples} samples.")
        return settings

    def frame_numbers(self) -> list[int]:
        """Return the frames one by one.

        Raises:
            PipelineError: They are not written as fileseq reads them.
        """
        from fileseq.exceptions import ParseException
        from fileseq.frameset import FrameSet

        try:
            return [int(frame) for frame in FrameSet(self.frames)]
        except (ParseException, ValueError) as error:
            msg = f"The settings of the render have the frames {self.frames!r}."
            hint = "Write 1001-1048, 1001-1048x12 or 1001,1024."
            raise PipelineError(msg, context=str(error), hint=hint) from error


def _triple(values: Sequence[float]) -> Triple:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
