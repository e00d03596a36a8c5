"""Where things are in a shot: different in each, and the same whenever it is asked again."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sample_pipeline.inputs import entity_value, seed_of

if TYPE_CHECKING:
    from sample_model import ModelProduct

ROLES = {"hero": "character", "ground": "set"}
"""Roles of the sample show's models whose entity does not say one; others are props."""

PROP_COPIES = 3


@dataclass(frozen=True)
class Placed:
    """A model at a place.

    Attributes:
        name: Name of its prim.
        packl: Name of the model's packl.
        location: Where the model's layer is in the asset store.
        role: `character`, `prop` or `set`.
        position: In metres, on the ground.
        turn: Degrees around the Y axis.
    """

    name: str
    packl: str
    location: str
    role: str
    position: tuple[float, float, float]
    turn: float


@dataclass(frozen=True)
class View:
    """What the camera sees.

    Attributes:
        eye: Where it is, in metres.
        target: What it looks at.
        focal_length: In millimetres.
        azimuth: Degrees around the Y axis in which the camera stands, from the target.
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    focal_length: float
    azimuth: float


def view_of(shot: str) -> View:
    """Choose the camera of a shot."""
    chance = random.Random(seed_of(f"camera {shot}"))  # noqa: S311  no secret
    azimuth = chance.uniform(-65, 65)
    focal_length = chance.choice([28.0, 35.0, 50.0])
    height_in_view = chance.uniform(2.0, 2.8)
    distance = height_in_view / (VERTICAL_APERTURE / focal_length)
    angle = math.radians(azimuth)
    target = (0.25 * math.cos(angle), 0.82, -0.25 * math.sin(angle))
    eye = (
        target[0] + distance * math.sin(angle),
        chance.uniform(0.7, 2.1),
        target[2] + distance * math.cos(angle),
    )
    return View(eye, target, focal_length, azimuth)


HORIZONTAL_APERTURE = 36.0
"""Millimetres; the vertical one follows from the resolution, and is this for a 16:9 picture."""
VERTICAL_APERTURE = HORIZONTAL_APERTURE * 9 / 16


def place(shot: str, models: Iterable[ModelProduct]) -> list[Placed]:
    """Place models in a shot: the set at the origin, characters before the camera, props around.

    Args:
        shot: Name of the shot, from which the places follow.
        models: The models.

    Returns:
        The models, in the order of their packls' names; each prop several times.
    """
    chance = random.Random(seed_of(f"layout {shot}"))  # noqa: S311  no secret
    azimuth = view_of(shot).azimuth
    placed: list[Placed] = []
    counts: dict[str, int] = {}
    props, characters = 0, 0
    for model in sorted(models, key=lambda each: each.name):
        asset = entity_value(model, "asset")
        role = model.entity.get("role", ROLES.get(asset, "prop"))
        for _ in range(PROP_COPIES if role == "prop" else 1):
            counts[asset] = counts.get(asset, 0) + 1
            position, turn = (0.0, 0.0, 0.0), 0.0
            if role == "character":
                turn = azimuth + chance.uniform(-30, 30)
                position = _turned((1.1 * characters, 0.0, 0.0), azimuth)
                characters += 1
            elif role == "prop":
                turn = chance.uniform(0, 360)
                position = _turned(_prop_spot(chance, props), azimuth)
                props += 1
            placed.append(_placed(model, f"{asset}_{counts[asset]}", role, position, turn))
    return placed


def _placed(
    model: Any,  # noqa: ANN401  a ModelProduct, or what a test puts in its place
    name: str,
    role: str,
    position: Sequence[float],
    turn: float,
) -> Placed:
    x, y, z = (round(value, 4) for value in position)
    location = str(model.model.location)
    return Placed(name, model.name, location, role, (x, y, z), round(turn, 2))


def _prop_spot(chance: random.Random, index: int) -> tuple[float, float, float]:
    """Return a spot as the camera sees it: to the right, to the left, behind, and so on."""
    side = (1, -1, 1, -1)[index % 4]
    behind = -0.5 - 0.7 * index
    return side * chance.uniform(1.0, 1.7), 0.0, behind + chance.uniform(-0.2, 0.2)


def _turned(spot: tuple[float, float, float], degrees: float) -> tuple[float, float, float]:
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x, y, z = spot
    return x * cosine + z * sine, y, z * cosine - x * sine
