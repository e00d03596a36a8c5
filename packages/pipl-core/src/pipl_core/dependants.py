"""Who depends on a packl, over all indexes of a project, without installing anything."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from pipl_hooks import normalized_name

from ._project_file import RELEASE_INDEX
from .releases import Wish, as_of, each_version, newest, released, unknown_name, wishes

if TYPE_CHECKING:
    from datetime import datetime

    from pipl_hooks import Catalogue, ReleaseRecord


@dataclass(frozen=True)
class Dependant:
    """A release that depends on what is above it in the tree.

    Attributes:
        name: Name of its packl.
        version: Its version.
        index: Index in which it has come furthest.
        requirement: Versions that it asks for of what is above it; empty where any will do.
        extra: Its extra that asks; None for what it always needs.
        condition: Marker under which it asks; empty where it always does.
        takes_newest: Whether it, or what it depends on through this branch, takes the newest
            version of what the whole tree is about.
        yanked: Why it was withdrawn; None where it was not.
        repeated: Whether what depends on it is shown at an earlier place.
        children: What depends on it.
    """

    name: str
    version: str
    index: str
    requirement: str
    extra: str | None
    condition: str
    takes_newest: bool
    yanked: str | None
    repeated: bool = False
    children: tuple[Dependant, ...] = ()


@dataclass(frozen=True)
class User:
    """A release that depends on a packl, directly or through others.

    Attributes:
        name: Name of its packl.
        version: Its version.
        index: Index in which it has come furthest.
        kind: Its kind; None for what is no packl.
        type: Its product or task type.
        requirements: What it asks for itself; none where it depends on others that ask.
        through: Names and versions between it and the packl, the nearest to it first.
        takes_newest: Whether all that it depends on takes the newest version.
        yanked: Why it was withdrawn; None where it was not.
    """

    name: str
    version: str
    index: str
    kind: str | None
    type: str | None
    requirements: tuple[str, ...]
    through: tuple[str, ...]
    takes_newest: bool
    yanked: str | None


@dataclass(frozen=True)
class Dependants:
    """Everything that depends on a packl.

    Attributes:
        name: Its normalized name.
        newest: Its newest release; None where the project has none of that name.
        tree: Who depends on it, and who on them.
        users: The same, each once, those that ask for it themselves first.
        unread: Wheels whose metadata could not be read, so that they may be missing here.
    """

    name: str
    newest: str | None
    tree: tuple[Dependant, ...]
    users: tuple[User, ...]
    unread: tuple[ReleaseRecord, ...]


def dependants(
    catalogue: Catalogue, name: str, *, all_versions: bool = False, at: datetime | None = None
) -> Dependants:
    """Return everything that depends on a packl, directly or through others.

    What others depend on is what an installer would pick for them: the newest release that fits.

    Args:
        catalogue: The catalogue of the project.
        name: Name of the packl.
        all_versions: Look at every version, instead of at the newest one of each packl in the
            index of releases, and at newer ones that have not come there yet.
        at: As of this moment; as of now where None.

    Raises:
        NotFoundError: The project has no packl of that name, and nothing asks for it.
    """
    records = as_of(catalogue.releases(), at)
    graph = _Graph(normalized_name(name), records)
    for packl in sorted(graph.by_name):
        found = graph.by_name[packl]
        graph.take_in(found if all_versions else _shown(found))
    if graph.name not in graph.by_name and not graph.edges[graph.name, ""]:
        raise unknown_name(name, sorted(graph.by_name))
    return Dependants(
        graph.name,
        graph.newest.version if graph.newest else None,
        graph.tree(),
        graph.users(),
        tuple(record for record in records if record.problem is not None),
    )


def _shown(records: Sequence[ReleaseRecord]) -> list[ReleaseRecord]:
    """Return the newest release, and what is newer and on its way."""
    there = newest(released(records)) or newest(records)
    if there is None:
        return []
    ahead = newest([r for r in records if r.index != RELEASE_INDEX], candidates=True)
    return [r for r in (there, ahead) if r and Version(r.version) >= Version(there.version)]


@dataclass(frozen=True)
class _Edge:
    """A release, and what it asks for."""

    record: ReleaseRecord
    wish: Wish

    @property
    def key(self) -> tuple[str, str]:
        return self.record.name, self.record.version


class _Graph:
    """Who asks for what: the edges to a release, by its name and version.

    Those to the packl itself, whichever version, have its name and no version.
    """

    def __init__(self, name: str, records: Sequence[ReleaseRecord]) -> None:
        self.name = name
        self.by_name: dict[str, list[ReleaseRecord]] = defaultdict(list)
        for record in each_version(records):
            self.by_name[record.name].append(record)
        own = self.by_name.get(name, [])
        self.newest = newest(released(own)) or newest(own)
        self.edges: dict[tuple[str, str], list[_Edge]] = defaultdict(list)
        self._taken_in: set[tuple[str, str]] = set()

    def take_in(self, records: Iterable[ReleaseRecord]) -> None:
        """Follow what releases depend on."""
        waiting = list(records)
        while waiting:
            record = waiting.pop()
            key = record.name, record.version
            if record.name == self.name or key in self._taken_in:
                continue
            self._taken_in.add(key)
            for wish in wishes(record):
                if wish.name == self.name:
                    self.edges[self.name, ""].append(_Edge(record, wish))
                elif target := self._picked(wish):
                    self.edges[target.name, target.version].append(_Edge(record, wish))
                    waiting.append(target)

    def _picked(self, wish: Wish) -> ReleaseRecord | None:
        there = self.by_name.get(wish.name, [])
        return newest(released(there), wish.versions) or newest(there, wish.versions)

    def takes_newest(self, edge: _Edge) -> bool:
        """Tell whether whoever asks for the packl takes its newest version."""
        newest = self.newest
        return newest is None or edge.wish.versions.contains(newest.version, prereleases=True)

    def asking(self, key: tuple[str, str], under: frozenset[str]) -> list[_Edge]:
        """Return who asks for a release, the newest versions first.

        Args:
            key: Name and version of the release.
            under: Extras of the release that bring what it is about, of which one must be asked
                for; empty where it needs no extra.
        """
        edges = sorted(self.edges.get(key, ()), key=lambda edge: Version(edge.record.version))
        edges.reverse()
        edges.sort(key=lambda edge: (edge.record.name, sorted(edge.wish.under)))
        return [edge for edge in edges if not under or under & edge.wish.extras]

    def tree(self) -> tuple[Dependant, ...]:
        """Return who asks for the packl, and who for them."""
        shown: set[tuple[tuple[str, str], frozenset[str]]] = set()

        def node(edge: _Edge, *, takes: bool) -> Dependant:
            record, wish = edge.record, edge.wish
            state = edge.key, wish.under
            asking = self.asking(*state)
            repeated = state in shown and bool(asking)
            shown.add(state)
            return Dependant(
                record.name,
                record.version,
                record.index,
                str(wish.versions),
                ", ".join(sorted(wish.under)) or None,
                wish.condition,
                takes,
                record.yanked,
                repeated,
                () if repeated else tuple(node(above, takes=takes) for above in asking),
            )

        direct = self.asking((self.name, ""), frozenset())
        return tuple(node(edge, takes=self.takes_newest(edge)) for edge in direct)

    def users(self) -> tuple[User, ...]:
        """Return all who ask, each once, by the number of steps to the packl."""
        direct = self.asking((self.name, ""), frozenset())
        held = self._reached([edge for edge in direct if not self.takes_newest(edge)])
        found = self._reached(direct)
        texts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for edge in direct:
            texts[edge.key].append(edge.wish.text)
        return tuple(
            User(
                record.name,
                record.version,
                record.index,
                record.kind,
                record.type,
                tuple(texts[key]),
                through,
                key not in held,
                record.yanked,
            )
            for key, (record, through) in found.items()
        )

    def _reached(
        self, edges: Iterable[_Edge]
    ) -> dict[tuple[str, str], tuple[ReleaseRecord, tuple[str, ...]]]:
        """Return all releases above some edges, each with its shortest way, the nearest first."""
        found: dict[tuple[str, str], tuple[ReleaseRecord, tuple[str, ...]]] = {}
        seen = set()
        waiting: deque[tuple[_Edge, tuple[str, ...]]] = deque((edge, ()) for edge in edges)
        while waiting:
            edge, through = waiting.popleft()
            found.setdefault(edge.key, (edge.record, through))
            state = edge.key, edge.wish.under
            if state in seen:
                continue
            seen.add(state)
            further = (*through, f"{edge.record.name} {edge.record.version}")
            waiting.extend((above, further) for above in self.asking(*state))
        return found
