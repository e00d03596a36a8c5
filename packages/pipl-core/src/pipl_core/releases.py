"""Chooses among releases as an installer does: ranges, candidates, withdrawn versions."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from pipl_hooks import normalized_name

from ._project_file import RELEASE_INDEX
from .errors import NotFoundError, ServerError

if TYPE_CHECKING:
    from pipl_hooks import ReleaseRecord

ANY = SpecifierSet()

_EXTRA = re.compile(r"""extra == ["']([^"']+)["']""")
_ONLY_EXTRA = re.compile(r"""( and )?extra == ["'][^"']+["']( and )?""")


@dataclass(frozen=True)
class Wish:
    """A requirement, apart from any environment.

    Attributes:
        text: The requirement as it is written.
        name: Normalized name of what is asked for.
        versions: Versions that are asked for.
        extras: Extras that are asked for with it.
        under: Extras of whoever asks that bring it; empty for what is always asked for.
        condition: The rest of its marker, such as a platform; empty where there is none.
    """

    text: str
    name: str
    versions: SpecifierSet
    extras: frozenset[str]
    under: frozenset[str]
    condition: str


@functools.lru_cache(maxsize=4096)
def wish(text: str) -> Wish | None:
    """Read a requirement (PEP 508); None for what installers could not read either."""
    try:
        requirement = Requirement(text)
        for specifier in requirement.specifier:
            if specifier.operator != "===":
                Version(specifier.version.removesuffix(".*"))
    except ValueError:  # InvalidRequirement, or a number of thousands of digits
        return None
    marker = str(requirement.marker) if requirement.marker else ""
    under = frozenset(map(normalized_name, _EXTRA.findall(marker)))
    # What joins several conditions with brackets stays as it is: it is for people to read.
    condition = marker if "(" in marker else _ONLY_EXTRA.sub("", marker)
    return Wish(
        text=text,
        name=normalized_name(requirement.name),
        versions=requirement.specifier,
        extras=frozenset(map(normalized_name, requirement.extras)),
        under=under,
        condition=condition,
    )


def wishes(record: ReleaseRecord) -> list[Wish]:
    """Return what a release depends on, but for what it says of itself."""
    found = (wish(text) for text in record.requires)
    return [each for each in found if each is not None and each.name != record.name]


def newest(
    records: Iterable[ReleaseRecord], versions: SpecifierSet = ANY, *, candidates: bool = False
) -> ReleaseRecord | None:
    """Return the newest release of a packl that an installer would pick; None where there is none.

    A withdrawn one is never picked. A candidate (`2.1rc1`) is picked only where the range has
    nothing else: that is what uv 0.13 does, while pip and uv 0.8 take the newest candidate
    wherever the range names any.

    Args:
        records: Releases of one packl.
        versions: The range.
        candidates: Pick candidates, too.
    """
    fitting = [
        (version, record)
        for version, record in ((Version(record.version), record) for record in records)
        if record.yanked is None and versions.contains(version, prereleases=True)
    ]
    if not candidates:
        fitting = [each for each in fitting if not each[0].is_prerelease] or fitting
    return max(fitting, key=lambda each: each[0])[1] if fitting else None


def as_of(records: Sequence[ReleaseRecord], at: datetime | None) -> Sequence[ReleaseRecord]:
    """Return what was there at a moment, or all of it where None.

    Args:
        records: Releases.
        at: The moment, with its time zone.

    Raises:
        ServerError: The server does not tell when releases came.
    """
    if at is None:
        return records
    found = []
    for record in records:
        if record.uploaded is None:
            msg = f"The server does not tell when {record.name} {record.version} came."
            hint = "Is the newest pipl-server installed where the server runs? Start it again."
            raise ServerError(msg, hint=hint)
        if datetime.fromisoformat(record.uploaded) < at:
            found.append(record)
    return found


def released(records: Iterable[ReleaseRecord]) -> list[ReleaseRecord]:
    """Return those that people install: those in the index of releases."""
    return [record for record in records if record.index == RELEASE_INDEX]


def each_version(records: Iterable[ReleaseRecord]) -> list[ReleaseRecord]:
    """Return one record for each packl and version: the one that has come furthest."""
    found: dict[tuple[str, str], ReleaseRecord] = {}
    for record in records:
        key = record.name, record.version
        if key not in found or record.index == RELEASE_INDEX:
            found[key] = record
    return list(found.values())


def unknown_name(name: str, names: Sequence[str]) -> NotFoundError:
    """Return the error for a name that no packl of the project has, with the names like it."""
    near = difflib.get_close_matches(normalized_name(name), names)
    hint = f"Did you mean {', '.join(near)}?" if near else "`pipl proj index list` shows what is."
    return NotFoundError(f"The project has no packl {name!r:.150}.", hint=hint)
