"""An installed Blender, whose own Python finds what is installed in the workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import ClassVar

from pipl_envset import Change, EnvSet, Prepend, PrintedVersion, Set, Tool

BLENDER = Tool(
    "blender",
    requires=">=3.3,<6",
    search={
        "linux": ["$BLENDER", "/opt/blender*/blender", "/usr/local/blender*/blender", "blender"],
        "macos": ["$BLENDER", "/Applications/Blender*.app/Contents/MacOS/Blender"],
        "windows": ["$BLENDER", "C:/Program Files/Blender Foundation/Blender */blender.exe"],
    },
    version=PrintedVersion(pattern=r"Blender (\d+(?:\.\d+)*)"),
    # Without it, Blender's own Python takes no notice of PYTHONPATH.
    commands={"blender": ["--python-use-system-env"]},
    optional=True,
)


class BlenderEnv(EnvSet):
    """Finds Blender, and lets it import packls."""

    tool: ClassVar[Tool] = BLENDER

    def tool_changes(self) -> Iterator[Change]:
        """Give Blender's Python, and no other program, the packages of this environment.

        The value is computed late, since packls in edition lie elsewhere.
        """
        yield Prepend("PYTHONPATH", lambda context: os.pathsep.join(context.python_path))
        yield Set("PYTHONNOUSERSITE", "1")


ENVSET = BlenderEnv(__name__)

__all__ = ["BLENDER", "ENVSET", "BlenderEnv"]
