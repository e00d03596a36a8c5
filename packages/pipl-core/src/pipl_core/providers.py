"""Which released packls would give what an environment lacks: a service, a type, a config."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .catalogue import catalogue_of
from .releases import newest, released

if TYPE_CHECKING:
    from .project import Project


@dataclass(frozen=True)
class Provider:
    """A packl that declares an entry point.

    Attributes:
        name: Normalized name of the packl.
        version: Its newest version, which an installer would take.
    """

    name: str
    version: str


def providers(project: Project, group: str, name: str) -> list[Provider]:
    """Return the packls whose newest release declares an entry point, by name.

    Args:
        project: The project, whose server runs.
        group: Group of entry points: `pipl_pipe.services`.
        name: Name of the entry point.

    Raises:
        ServerError: The server does not run.
    """
    catalogue = catalogue_of(project)
    try:
        records = released(catalogue.releases())
    finally:
        catalogue.close()
    found = []
    for packl, of_packl in itertools.groupby(records, key=lambda record: record.name):
        record = newest(of_packl)
        if record is not None and name in record.entry_points.get(group, ()):
            found.append(Provider(packl, record.version))
    return found
