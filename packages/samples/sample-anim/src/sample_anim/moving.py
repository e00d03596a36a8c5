"""How things move: pure functions of a shot's frame."""

from __future__ import annotations

import math

STRIDE_SECONDS = 0.9
"""Time of two steps."""

WALK_LENGTH = 1.1
"""Metres that a character walks in a shot."""

SWING = {"ArmL": 30.0, "ArmR": -30.0, "LegL": -26.0, "LegR": 26.0, "FootL": -26.0, "FootR": 26.0}
"""Degrees by which the parts of a character swing, at most."""

BOB = 0.028
"""Metres by which a character goes down at each step."""

PUSH_IN = 0.18
"""Part of the way to what it looks at that the camera makes in a shot."""


def progress(frame: int, first: int, last: int) -> float:
    """Return where a frame is in its shot, from 0 to 1."""
    return (frame - first) / (last - first) if last > first else 0.0


def eased(part: float) -> float:
    """Start and stop softly: 0 to 1, with no speed at both ends."""
    return part * part * (3 - 2 * part)


def phase(frame: int, first: int, fps: float) -> float:
    """Return the angle of the walk cycle at a frame, in radians."""
    return 2 * math.pi * (frame - first) / fps / STRIDE_SECONDS


def walked(part: float) -> float:
    """Return how far from its place in the layout a character is, in metres along its way."""
    return WALK_LENGTH * (part - 0.5)


def bob(angle: float) -> float:
    """Return how much higher than in the layout a character is at an angle of its walk cycle."""
    return -BOB * math.sin(angle) ** 2


def swing(part: str, angle: float) -> float:
    """Return how far a part of a character is turned, in degrees."""
    return SWING[part] * math.sin(angle)
