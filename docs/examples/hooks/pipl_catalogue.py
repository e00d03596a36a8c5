"""Keep what is not announced yet out of all answers about the project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipl_core import Project
from pipl_core.catalogue import IndexCatalogue
from pipl_hooks import Catalogue, ReleaseRecord, hookimpl


class DiscreetCatalogue(IndexCatalogue):
    """The project's indexes, without packls whose names begin with `secret`."""

    def releases(self, name: str | None = None) -> Sequence[ReleaseRecord]:
        """Leave them out."""
        return [each for each in super().releases(name) if not each.name.startswith("secret")]


@hookimpl
def pipl_catalogue(project: Path) -> Catalogue:
    """Give that catalogue."""
    return DiscreetCatalogue(Project(project))
