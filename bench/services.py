"""Measures the start of `services`: what each process of an artist's tool or of a farm pays.

Makes a virtualenv with pipl's light wheels and other packls up to a number (60): each has
metadata with a description, one in four declares a service, a type or a config. Then it starts
one process after the other, so that each imports anew from a warm disk, and prints medians of
milliseconds within the process: `import pipl_pipe`, then the config of the asset store, then the
asset store itself; and those of the whole process beside an empty one.

    python bench/services.py --wheels dist --wheels ../before/dist

Give `--wheels` twice to compare; the processes then take turns, and ratios are to the first.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import virtualenv

LIGHT = ("pipl_hooks", "pipl_pipe", "pipl_assetstore", "pipl_envset")
STEPS = ("import pipl_pipe", "services.config", "services.asset_store", "whole process")
EMPTY = "empty process"

CODE = """
import time
begun = time.perf_counter()
import pipl_pipe
imported = time.perf_counter()
pipl_pipe.services.config["asset_store"]
configured = time.perf_counter()
pipl_pipe.services.asset_store
made = time.perf_counter()
print(imported - begun, configured - imported, made - configured)
"""
DECLARED = (
    "[pipl_pipe.services]\n{name} = {name}:make\n",
    "[pipl_pipe.task_type]\n{name} = {name}:Type\n",
    "[pipl_pipe.config]\n{name} = {name}:CONFIG\n",
    "[console_scripts]\n{name} = {name}:main\n",
)
DESCRIPTION = "A packl of this studio, and what there is to say of it.\n" * 60


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--wheels", type=Path, action="append", required=True, help="wheels' folder"
    )
    parser.add_argument("--packls", type=int, default=60, help="distributions in the environment")
    parser.add_argument("--count", type=int, default=21, help="processes of each kind")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        pythons = [
            _environment(Path(name, str(number)), wheels, arguments.packls)
            for number, wheels in enumerate(arguments.wheels)
        ]
        found: list[dict[str, list[float]]] = [{} for _ in pythons]
        for turn in range(arguments.count + 1):
            for python, seconds in zip(pythons, found, strict=True):
                for step, value in _one(python).items():
                    if turn:  # the first compiles
                        seconds.setdefault(step, []).append(value)
    _print(arguments.wheels, found)


def _environment(folder: Path, wheels: Path, packls: int) -> Path:
    virtualenv.cli_run([str(folder), "--quiet", "--no-seed"], setup_logging=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    chosen = [str(next(wheels.glob(f"{name}-*.whl"))) for name in LIGHT]
    subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *chosen], check=True)
    (site,) = folder.glob("[Ll]ib*/**/site-packages")
    there = len(list(site.glob("*.dist-info")))
    for number in range(packls - there):
        _write_packl(site, f"studio_{number}", number)
    settings = {
        "format": 1,
        "tool": [],
        "project": str(folder),
        "config": {"asset_store": {"root": str(folder / "assets")}},
    }
    (folder / "pipl.json").write_text(json.dumps(settings), encoding="utf-8")
    return python


def _write_packl(site: Path, name: str, number: int) -> None:
    info = site / f"{name}-1.0.0.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\nRequires-Dist: pipl-pipe\n"
    (info / "METADATA").write_text(f"{head}\n{DESCRIPTION}", encoding="utf-8")
    points = DECLARED[number // 4 % 4] if number % 4 == 0 else DECLARED[3]
    (info / "entry_points.txt").write_text(points.format(name=name), encoding="utf-8")
    (site / f"{name}.py").write_text("CONFIG = {}\n", encoding="utf-8")


def _one(python: Path) -> dict[str, float]:
    begun = time.perf_counter()
    subprocess.run([str(python), "-c", "pass"], check=True)
    empty = time.perf_counter()
    done = subprocess.run(
        [str(python), "-c", CODE], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    whole = time.perf_counter()
    steps = [*map(float, done.stdout.split()), whole - empty]
    return {**dict(zip(STEPS, steps, strict=True)), EMPTY: empty - begun}


def _print(wheels: Sequence[Path], found: Sequence[Mapping[str, Sequence[float]]]) -> None:
    print(f"{'milliseconds, median':<24}", *(f"{folder!s:>20}" for folder in wheels))
    for step in (*STEPS, EMPTY):
        medians = [statistics.median(seconds[step]) * 1000 for seconds in found]
        shown = [f"{value:>12.1f} {value / medians[0]:>6.2f}x" for value in medians]
        print(f"{step:<24}", *shown)


if __name__ == "__main__":
    sys.exit(main())
