"""Looks at a packl from inside a clean environment; a program of the standard library alone.

It runs by path in environments that hold neither pipl-ci nor, at times, anything of pipl, on any
Python from 3.9.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from importlib import import_module, metadata


def imports(module: str) -> None:
    """Import a module."""
    import_module(module)


def entry_points(name: str) -> None:
    """Load every entry point of a distribution."""
    for point in metadata.distribution(name).entry_points:
        point.load()
        print("loaded", point.group, point.name)  # noqa: T201  a program, whose output is logged


def plugins(name: str) -> None:
    """Register the plugins of a distribution, which finds misspelt hooks and wrong arguments."""
    if not any(point.group == "pipl" for point in metadata.distribution(name).entry_points):
        return
    from pipl_hooks import load_plugins, normalized_name

    for failure in load_plugins().failures:
        if normalized_name(failure.source.packl) == normalized_name(name):
            sys.exit(f"the plugin {failure.source.name} does not register: {failure.reason}")


def no_extra(name: str, extra: str) -> None:
    """Make sure that nothing is there that only an extra asks for."""
    always, optional = set(), set()
    for text in metadata.distribution(name).requires or []:
        requirement, _, marker = text.partition(";")
        match = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
        if match is None:
            continue
        asked = re.search(r"""extra\s*==\s*['"]([^'"]+)['"]""", marker)
        if asked is None:
            always.add(match.group().lower())
        elif asked.group(1) == extra:
            optional.add(match.group().lower())
    for editor in sorted(optional - always):
        try:
            metadata.distribution(editor)
        except metadata.PackageNotFoundError:
            continue
        sys.exit(f"{editor} is installed, which only the extra {extra} asks for")


PROBES: dict[str, Callable[..., None]] = {
    "imports": imports,
    "entry-points": entry_points,
    "plugins": plugins,
    "no-extra": no_extra,
}


def main() -> int:
    """Run the probe that the command line names."""
    try:
        PROBES[sys.argv[1]](*sys.argv[2:])
    except Exception as error:  # noqa: BLE001  a packl may raise anything
        traceback.print_exc()
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
