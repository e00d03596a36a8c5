"""Find the distributions of this repository and read what their metadata says.

A distribution is a folder with a `pyproject.toml` directly below `packages/` or
`packages/samples/`. Everything here needs the standard library alone, since
`noxfile.py` and the other tools import it before anything is installed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
"""The folder of this repository."""

LIGHT = frozenset({"pipl-hooks", "pipl-pipe", "pipl-assetstore", "pipl-envset"})
"""What is installed in artists' environments, beside the samples (DESIGN: section 2)."""

TOOL_SAMPLES = frozenset({"sample-show"})
"""Samples of the tool side, which are not installed there."""


class MetadataError(Exception):
    """A distribution's `pyproject.toml` cannot be read."""


@dataclass(frozen=True)
class Distribution:
    """One distribution of this repository.

    Attributes:
        name: Its name, as `pip install` takes it.
        folder: Where it lives.
        project: The `[project]` table of its `pyproject.toml`.
    """

    name: str
    folder: Path
    project: dict[str, Any]

    @property
    def import_name(self) -> str:
        """The name under which Python imports it: `pipl_hooks` for `pipl-hooks`."""
        return self.name.replace("-", "_")

    @property
    def is_sample(self) -> bool:
        """Whether it lives in `packages/samples/`."""
        return self.folder.parent.name == "samples"

    @property
    def is_light(self) -> bool:
        """Whether it is installed in artists' environments, hence runs on Python 3.9."""
        if self.is_sample:
            return self.name not in TOOL_SAMPLES
        return self.name in LIGHT

    @property
    def sources(self) -> Path:
        """The folder of its code. A meta-package has none."""
        return self.folder / "src"

    def has_extra(self, extra: str) -> bool:
        """Tell whether it declares the extra of that name."""
        return extra in self.project.get("optional-dependencies", {})


def find_distributions(root: Path = ROOT) -> list[Distribution]:
    """List the repository's distributions, in the order of their names.

    Args:
        root: The repository's folder.

    Raises:
        MetadataError: A `pyproject.toml` is not TOML, or lacks a name.
    """
    packages = root / "packages"
    files = [*packages.glob("*/pyproject.toml"), *packages.glob("samples/*/pyproject.toml")]
    return sorted((_read(file) for file in files), key=lambda found: found.name)


def _read(file: Path) -> Distribution:
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        return Distribution(name=project["name"], folder=file.parent, project=project)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: not TOML: {error}"
        raise MetadataError(message) from error
    except KeyError as error:
        message = f"{file}: {error} is missing"
        raise MetadataError(message) from error
