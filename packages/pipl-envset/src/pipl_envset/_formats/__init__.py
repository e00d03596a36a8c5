"""The formats in which an environment is written, by name."""

from __future__ import annotations

from collections.abc import Mapping

from pipl_hooks import EnvironmentFormat

from ._cmd import CmdFormat
from ._fish import FishFormat
from ._json import JsonFormat
from ._posix import PosixFormat
from ._powershell import PowershellFormat

_POSIX = PosixFormat()

FORMATS: Mapping[str, EnvironmentFormat] = {
    "bash": _POSIX,
    "zsh": _POSIX,
    "fish": FishFormat(),
    "powershell": PowershellFormat(),
    "cmd": CmdFormat(),
    "json": JsonFormat(),
}

ACTIVATION = ("bash", "fish", "powershell", "cmd")
"""Formats of the shells whose activate scripts read what they write."""
