"""`blender-product`: opens a Product in Blender, or works on it in the background."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipl_pipe import PipelineError, environment_folder

SCRIPT = Path(__file__).with_name("in_blender.py")
"""What Blender runs; it gets the arguments behind `--`."""


def main() -> int:
    """Open the Product that the command line names, and return Blender's exit status."""
    parser = argparse.ArgumentParser(prog="blender-product", description=__doc__)
    parser.add_argument("product", help="packl of the Product, or path of a USD file")
    parser.add_argument("--asset", help="its Asset; the only one where not given")
    parser.add_argument("--save", type=Path, help="save a .blend, instead of showing Blender")
    parser.add_argument("--render", type=Path, help="render a .png, instead of showing Blender")
    arguments = parser.parse_args()
    try:
        command = command_line(arguments.product, arguments.asset, arguments.save, arguments.render)
    except PipelineError as error:
        print(error, file=sys.stderr)  # noqa: T201  this is a program
        return 1
    return subprocess.call(command)


def command_line(
    product: str, asset: str | None = None, save: Path | None = None, render: Path | None = None
) -> list[str]:
    """Return the command by which Blender opens a Product.

    Args:
        product: Packl of the Product, or path of a USD file.
        asset: Its Asset; the only one where None.
        save: File to save, `.blend`; Blender runs in the background then.
        render: Picture to render, `.png`; Blender runs in the background then.

    Raises:
        PipelineError: This environment has no command `blender`.
    """
    given = [product]
    given += ["--asset", asset] if asset else []
    given += ["--save", str(save.absolute())] if save else []
    given += ["--render", str(render.absolute())] if render else []
    background = ["--background"] if save or render else []
    options = [*background, "--factory-startup", "--python-exit-code", "1"]
    return [_blender(), *options, "--python", str(SCRIPT), "--", *given]


def _blender() -> str:
    # The command of the EnvSet, whether or not the environment is active.
    own = environment_folder() / "pipl" / "bin"
    path = os.pathsep.join([str(own), os.environ.get("PATH", os.defpath)])
    found = shutil.which("blender", path=path)
    if found is None:
        msg = "There is no command blender in this environment."
        raise PipelineError(msg, hint="`pipl work sync` writes the commands of EnvSets.")
    return found
