"""Builds the wheel of a packl in a process of its own: `python _wheel_builder.py FOLDER`.

The same as hatchling's own `build_wheel`, with a copy of the packl's `pyproject.toml` beside its
other data, so that a released packl can be taken back into edition as it was.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

FILE = "pyproject.toml"


def main() -> None:
    """Build the wheel of the current folder, and print its name."""
    root = Path.cwd()
    builder = WheelBuilder(str(root))
    target = builder.config.target_config
    for data in root.glob("src/*/_packl"):
        own = builder.config.build_config.get("force-include", {})
        include = dict(target.get("force-include", own))
        include[FILE] = f"{data.parent.name}/{data.name}/{FILE}"
        target["force-include"] = include
        if (data / FILE).exists():  # somebody unpacked a wheel there; ours is the one that counts
            path = (data / FILE).relative_to(root).as_posix()
            own = builder.config.build_config.get("exclude", [])
            target["exclude"] = [*target.get("exclude", own), f"/{path}"]
    print(Path(next(builder.build(directory=sys.argv[1], versions=["standard"]))).name)  # noqa: T201


if __name__ == "__main__":
    main()
