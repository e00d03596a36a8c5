"""Stands up a real production on this machine: `nox -s bootstrap [-- PATH]`.

Builds every distribution, makes a tool environment from the wheels, and hands over to
`bootstrap_project.py`, which runs in that environment. Run again, it goes on from what stands.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from build_wheels import BuildError, build_wheels
from distributions import ROOT, MetadataError

NEEDED_SPACE = 2 * 1024**3
"""Bytes: environments, wheels, and what the mirror keeps of the tools that the samples use."""

IN_TOOL_ENVIRONMENT = ("pipl", "sample-show")
"""What is installed there, beside what it requires."""

# Only a folder with these programs goes on the path, not the tool environment: activating a
# workspace later would deactivate that, and its Python is nobody's business.
PROGRAMS = ("pipl", "devpi", "uv")

_ACTIVATE = """\
# Source this: the command `pipl` is there, and this is the current project.
export PATH="{programs}:$PATH"
export PIPL_PROJECT="{project}"
"""
_ACTIVATE_POWERSHELL = """\
# Source this: the command `pipl` is there, and this is the current project.
$env:PATH = "{programs};$env:PATH"
$env:PIPL_PROJECT = "{project}"
"""
_ACTIVATE_BATCH = """\
@rem Call this: the command `pipl` is there, and this is the current project.
@set "PATH={programs};%PATH%"
@set "PIPL_PROJECT={project}"
"""


class BootstrapError(Exception):
    """The bootstrap cannot go on; the message says why, and what to do."""


def main() -> int:
    """Stand up the production, or go on with it."""
    parser = argparse.ArgumentParser(prog="nox -s bootstrap --", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "demo", help="where to")
    folder = parser.parse_args().path.absolute()
    try:
        return bootstrap(folder)
    except BootstrapError as error:
        print(f"\n{error}\nThen simply run it again; it goes on from what stands.", file=sys.stderr)
        return 1


def bootstrap(folder: Path) -> int:
    """Stand up a production in a folder, and return the exit status.

    Raises:
        BootstrapError: There is no space, no network, or something cannot be built.
    """
    _check_folder(folder)
    timings: list[str] = []

    begun = time.monotonic()
    print("==> Building the distributions", flush=True)
    wheels = folder / "wheels"
    _build(wheels)
    timings.append(f"build={time.monotonic() - begun:.2f}")

    begun = time.monotonic()
    print("==> Making the tool environment", flush=True)
    tool = folder / "tool"
    python = _tool_environment(tool, wheels)
    _write_activate_scripts(folder, tool)
    timings.append(f"tool={time.monotonic() - begun:.2f}")

    script = Path(__file__).with_name("bootstrap_project.py")
    command = [str(python), "-I", str(script), str(folder), *timings]
    return subprocess.run(command, check=False).returncode


def _check_folder(folder: Path) -> None:
    known = {"bin", "wheels", "tool", "project", "activate", "activate.ps1", "activate.bat"}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = (
            {path.name for path in folder.iterdir()} if not (folder / "wheels").exists() else set()
        )
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise BootstrapError(f"{folder} cannot be used: {error.strerror}.") from error
    if foreign - known:
        raise BootstrapError(
            f"{folder} is not empty. Choose a new folder: nox -s bootstrap -- PATH"
        )
    if free < NEEDED_SPACE:
        has, needs = free / 1024**3, NEEDED_SPACE / 1024**3
        raise BootstrapError(
            f"{folder} has {has:.1f} GiB of free space, and needs {needs:.0f} GiB."
        )


def _build(wheels: Path) -> None:
    try:
        for result in build_wheels(wheels):
            if isinstance(result, BuildError):
                raise BootstrapError(f"A distribution could not be built: {result}")
            if result.fresh:
                print(f"    {result.wheel.name}")
    except (OSError, BuildError, MetadataError) as error:
        raise BootstrapError(f"The distributions could not be built: {error}") from error


def _tool_environment(tool: Path, wheels: Path) -> Path:
    """Make the tool environment from the built wheels, and return its Python."""
    from uv import find_uv_bin

    scripts = tool / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    uv = find_uv_bin()
    if not python.exists():
        _run([uv, "venv", "--quiet", "--python", sys.executable, "--prompt", "pipl", str(tool)])
    # Wheels are named one by one, so that each is taken from here and a changed one anew.
    built = {path.name.partition("-")[0].replace("_", "-"): path for path in wheels.glob("*.whl")}
    samples = [name for name in built if name.startswith("sample-")]
    chosen = [
        str(path)
        for name, path in sorted(built.items())
        if name in IN_TOOL_ENVIRONMENT or name not in samples
    ]
    _run([uv, "pip", "install", "--quiet", "--python", str(python), *chosen])
    return python


def _run(command: list[str]) -> None:
    variables = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    if done.returncode != 0:
        said = "\n".join(f"  {line}" for line in done.stderr.strip().splitlines()[-12:])
        raise BootstrapError(
            f"The tool environment could not be made:\n{said}\nCheck the network and free space."
        )


def _write_activate_scripts(folder: Path, tool: Path) -> None:
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name in PROGRAMS:
        if os.name == "nt":
            line = f'@"{tool / "Scripts" / name}.exe" %*\r\n'
            (programs / f"{name}.cmd").write_text(line, encoding="utf-8")
        elif not (programs / name).is_symlink():
            (programs / name).symlink_to(Path("..") / "tool" / "bin" / name)
    words = {"programs": programs, "project": folder / "project"}
    scripts = {
        "activate": _ACTIVATE,
        "activate.ps1": _ACTIVATE_POWERSHELL,
        "activate.bat": _ACTIVATE_BATCH,
    }
    for name, text in scripts.items():
        (folder / name).write_text(text.format(**words), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
