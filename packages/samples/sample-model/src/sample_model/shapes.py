"""The sample show's models, part by part."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from .solids import Point, Solid, ball, box, capsule, lathe, merged

Color = tuple[float, float, float]

PALETTE: dict[str, Color] = {
    "orange": (0.80, 0.25, 0.05),
    "cream": (0.82, 0.76, 0.62),
    "charcoal": (0.05, 0.055, 0.065),
    "cyan": (0.10, 0.62, 0.68),
    "steel": (0.33, 0.36, 0.40),
    "plank": (0.42, 0.24, 0.10),
    "beam": (0.24, 0.12, 0.05),
    "clay": (0.36, 0.25, 0.17),
    "sand": (0.47, 0.36, 0.24),
    "paving": (0.56, 0.50, 0.42),
    "hill": (0.13, 0.22, 0.19),
    "far_hill": (0.21, 0.29, 0.31),
}
"""Diffuse colours, linear Rec. 709."""


@dataclass(frozen=True)
class Part:
    """One mesh of a model.

    Attributes:
        name: Name of its prim.
        solid: Its shape, relative to its pivot.
        color: Name of a colour.
        rgb: The colour.
        pivot: Where it is in the model.
        joint: Whether it turns around its pivot.
    """

    name: str
    solid: Solid
    color: str
    rgb: Color
    pivot: Point = (0.0, 0.0, 0.0)
    joint: bool = False


def model_parts(name: str) -> list[Part]:
    """Return the parts of a model.

    Args:
        name: `hero`, `crate` or `ground`; any other name gives a vase of its own.
    """
    known = {"hero": _hero, "crate": _crate, "ground": _ground}
    return known[name]() if name in known else _vase(name)


def _part(
    name: str, solid: Solid, color: str, pivot: Point = (0.0, 0.0, 0.0), *, joint: bool = False
) -> Part:
    return Part(name, solid, color, PALETTE[color], pivot, joint)


def _hero() -> list[Part]:
    """Return a little robot, 1.6 m high, that looks along +Z."""
    body = lathe(
        [(0, 0.46), (0.20, 0.47), (0.29, 0.55), (0.32, 0.70), (0.30, 0.88), (0.22, 1.0), (0, 1.03)]
    )
    belt = lathe([(0.318, 0.655), (0.335, 0.665), (0.335, 0.725), (0.318, 0.735)])
    skull = lathe(
        [(0, 0), (0.22, 0.01), (0.27, 0.08), (0.27, 0.22), (0.22, 0.34), (0.11, 0.40), (0, 0.41)]
    )
    visor = box(0.36, 0.13, 0.10, (0, 0.19, 0.235))
    parts = [
        _part("Body", body, "orange"),
        _part("Belt", belt, "charcoal"),
        _part("Neck", capsule(0.09, 0.97, 1.13), "steel"),
        _part("Head", skull, "cream", (0, 1.07, 0)),
        _part("Visor", visor, "charcoal", (0, 1.07, 0)),
        _part("Antenna", capsule(0.014, 0.39, 0.50, 8), "steel", (0, 1.07, 0)),
        _part("AntennaTip", ball(0.045, (0, 0.52, 0)), "orange", (0, 1.07, 0)),
    ]
    for side, x in (("L", 1), ("R", -1)):
        eye = ball(0.042, (x * 0.085, 0.195, 0.275), 12)
        hip = (x * 0.145, 0.51, 0)
        foot = box(0.17, 0.08, 0.28, (0, -0.47, 0.05))
        parts += [
            _part(f"Eye{side}", eye, "cyan", (0, 1.07, 0)),
            _part(f"Shoulder{side}", ball(0.085, (x * 0.335, 0.88, 0)), "charcoal"),
            _part(
                f"Arm{side}", capsule(0.062, -0.42, 0.05), "cream", (x * 0.385, 0.86, 0), joint=True
            ),
            _part(f"Leg{side}", capsule(0.078, -0.50, 0.06), "steel", hip, joint=True),
            _part(f"Foot{side}", foot, "charcoal", hip, joint=True),
        ]
    return parts


def _crate() -> list[Part]:
    """Return a wooden crate, 0.8 m wide, with planks between beams."""
    planks = []
    for row in range(4):
        y = 0.13 + row * 0.18
        planks += [box(0.70, 0.165, 0.03, (0, y, z)) for z in (-0.36, 0.36)]
        planks += [box(0.03, 0.165, 0.70, (x, y, 0)) for x in (-0.36, 0.36)]
        planks.append(box(0.165, 0.03, 0.70, (-0.27 + row * 0.18, 0.77, 0)))
    beams = [box(0.09, 0.80, 0.09, (x, 0.40, z)) for x in (-0.36, 0.36) for z in (-0.36, 0.36)]
    for y in (0.045, 0.755):
        beams += [box(0.63, 0.09, 0.09, (0, y, z)) for z in (-0.36, 0.36)]
        beams += [box(0.09, 0.09, 0.63, (x, y, 0)) for x in (-0.36, 0.36)]
    inside = box(0.66, 0.70, 0.66, (0, 0.40, 0))
    return [
        _part("Planks", merged(planks), "plank"),
        _part("Beams", merged(beams), "beam"),
        _part("Inside", inside, "charcoal"),
    ]


def _ground() -> list[Part]:
    """Return a round place, with hills around it as far as one can see."""
    hills: list[Solid] = []
    far_hills: list[Solid] = []
    for index in range(18):
        angle = 2 * math.pi * (index + 0.3 * math.sin(5.0 * index)) / 18
        far = index % 2 == 0
        distance, height = (46, 8.5) if far else (36, 4.5)
        height *= 1 + 0.35 * math.sin(3.7 * index)
        profile = [(15.0, -0.5), (9.0, height * 0.55), (3.5, height * 0.92), (0, height)]
        moved = lathe(profile, 12).moved(distance * math.sin(angle), 0, distance * math.cos(angle))
        (far_hills if far else hills).append(moved)
    return [
        _part("Place", lathe([(4.2, 0.0), (0, 0.0)], 48), "paving"),
        _part("Border", lathe([(4.6, -0.01), (4.5, 0.015), (4.2, 0.015), (4.2, 0)], 48), "clay"),
        _part("Land", lathe([(70.0, -0.012), (0, -0.012)], 48), "sand"),
        _part("Hills", merged(hills), "hill"),
        _part("FarHills", merged(far_hills), "far_hill"),
    ]


def _vase(name: str) -> list[Part]:
    """Return a vase whose form and colour come from the digest of its name."""
    digest = hashlib.sha256(name.encode()).digest()
    height, width, belly = (digest[i] / 255 for i in range(3))
    height = 0.5 + 0.6 * height
    profile = []
    for step in range(_VASE_RINGS):
        up = step / (_VASE_RINGS - 1)
        swelling = math.sin(math.pi * up ** (0.6 + 0.9 * belly))
        neck = 0.35 + 0.25 * math.cos(2.5 * math.pi * up)
        profile.append((0.06 + (0.12 + 0.14 * width) * (swelling + neck) / 1.6, height * up))
    solid = lathe([(0.0, 0.0), *profile, (0.0, height * 0.97)])
    red, green, blue = (0.08 + 0.6 * digest[i] / 255 for i in range(3, 6))
    return [Part("Vase", solid, "glaze", (red, green, blue))]


_VASE_RINGS = 20
