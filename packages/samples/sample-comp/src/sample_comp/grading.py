"""From scene-linear light to what a display shows. Pure arithmetic on pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pipl_pipe import PipelineError

Pixels = Any
"""A numpy array of floats, with the channels in the last place."""

DISPLAYS = ("sRGB", "linear")


@dataclass(frozen=True)
class Grade:
    """What people set for a comp.

    Attributes:
        exposure: Stops by which the picture is made brighter.
        gamma: Power by which the picture's middle is made brighter, with black and white kept.
        display: `sRGB`, or `linear` for no conversion.
        slate: Whether the slate is burned in.
    """

    exposure: float = 0.0
    gamma: float = 1.0
    display: str = "sRGB"
    slate: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the grade as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Grade:
        """Read a grade that people may have changed.

        Raises:
            PipelineError: A value makes no sense.
        """
        try:
            exposure, gamma = float(data["exposure"]), float(data["gamma"])
            grade = cls(exposure, gamma, str(data["display"]), bool(data["slate"]))
        except (KeyError, TypeError, ValueError) as error:
            msg = "The settings of the comp are not complete."
            raise PipelineError(msg, context=repr(error), hint="Build them again.") from error
        if grade.display not in DISPLAYS or grade.gamma <= 0:
            msg = f"The settings of the comp have display {grade.display!r}, gamma {grade.gamma}."
            hint = f"display is one of {', '.join(DISPLAYS)}; gamma is above 0."
            raise PipelineError(msg, hint=hint)
        return grade

    def apply(self, pixels: Pixels) -> Pixels:
        """Return pixels as the display shows them, from 0 to 1."""
        seen = np.clip(np.asarray(pixels, dtype=np.float64) * 2.0**self.exposure, 0.0, 1.0)
        seen = seen ** (1.0 / self.gamma)
        return (linear_to_srgb(seen) if self.display == "sRGB" else seen).astype(np.float32)


def linear_to_srgb(linear: Pixels) -> Pixels:
    """Apply the sRGB transfer curve of IEC 61966-2-1 to values from 0 to 1."""
    power = 1.055 * np.power(np.maximum(linear, 0.0031308), 1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, power)  # noqa: PLR2004  of the standard
