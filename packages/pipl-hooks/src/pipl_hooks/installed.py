"""Which packls are installed here, and what their entry points declare; read once per process.

Every lookup of a service, a type or a plugin goes through this module, so it reads as little as
it can: the names of the folders with metadata, the files of entry points, and the head of
`METADATA` of those packls alone that somebody asks for. What was read is read again as soon as
`sys.path` or one of its folders has changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, EntryPoint, distributions

from .references import normalized_name

_METADATA_FILES = ("METADATA", "PKG-INFO")
_METADATA_SUFFIXES = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class PluginSource:
    """Where a plugin, a service, a type or a config comes from.

    Attributes:
        name: Name of its entry point.
        packl: Distribution that brings it.
        version: Version of that distribution.
        module: What the entry point names.
    """

    name: str
    packl: str
    version: str
    module: str

    def __str__(self) -> str:
        """Name the packl and its version, as people write them."""
        return f"{self.packl} {self.version}".rstrip()


@dataclass(frozen=True)
class PluginFailure:
    """A plugin that could not be loaded.

    Attributes:
        source: Where it comes from.
        reason: What went wrong, in one line.
    """

    source: PluginSource
    reason: str


@dataclass(frozen=True)
class InstalledDistribution:
    """What the metadata of an installed distribution says.

    Attributes:
        name: Its name, as its author writes it.
        version: Its version.
        requires: Its requirements (PEP 508).
    """

    name: str
    version: str
    requires: tuple[str, ...]


def entry_points(group: str) -> list[tuple[PluginSource, EntryPoint]]:
    """List the entry points of a group, without importing anything.

    A name that two distributions give is listed twice; the order is that of the names of the
    distributions, so that it is the same on every machine. A distribution whose entry points
    cannot be read offers none; `load_plugins` names it.
    """
    return list(_inventory().group(group)[0])


def unreadable_entry_points(group: str) -> list[PluginFailure]:
    """List the distributions whose entry points may belong to a group and cannot be read."""
    return list(_inventory().group(group)[1])


def distribution(name: str) -> InstalledDistribution | None:
    """Return what the metadata of a distribution says, or None where it is not installed."""
    record = _inventory().records.get(normalized_name(name))
    return record.metadata if record else None


def source_of_module(module: str) -> PluginSource | None:
    """Return the packl that brings a module, or None where no packl does.

    A packl is called like its import package; of others, the entry points are asked.
    """
    top = module.partition(".")[0]
    records = _inventory().records
    same = records.get(normalized_name(top))
    named = (r for r in records.values() if top in r.text and top in r.modules())
    for record in ([same] if same else []) + list(named):
        if record.metadata:
            return PluginSource("", record.metadata.name, record.metadata.version, module)
    return None


def refresh() -> None:
    """Forget what was read, when something changed that folders do not show."""
    _state.inventory = None


@dataclass
class _Record:
    """A distribution, as far as it was read."""

    found: Distribution
    text: str = ""
    problem: str = ""
    _points: list[EntryPoint] | None = None
    _metadata: tuple[InstalledDistribution | None, ...] = ()

    @property
    def metadata(self) -> InstalledDistribution | None:
        """What its metadata says; None for a folder that an uninstallation left behind."""
        if not self._metadata:
            self._metadata = (_head(self.found),)
        return self._metadata[0]

    def points(self) -> list[EntryPoint]:
        """Return its entry points; whatever importlib raises for a broken file passes."""
        if self._points is None:
            self._points = list(self.found.entry_points)
        return self._points

    def modules(self) -> set[str]:
        """Return the top-level modules that its entry points name."""
        try:
            return {point.value.partition(":")[0].partition(".")[0] for point in self.points()}
        except Exception:  # noqa: BLE001  what it raises differs by Python
            return set()


_Group = tuple[list[tuple[PluginSource, EntryPoint]], list[PluginFailure]]


@dataclass
class _Inventory:
    """All distributions, by their normalized names, in the order of these."""

    fingerprint: tuple[object, ...]
    records: dict[str, _Record]
    groups: dict[str, _Group] = field(default_factory=dict)

    def group(self, group: str) -> _Group:
        if group not in self.groups:
            self.groups[group] = self._read(group)
        return self.groups[group]

    def _read(self, group: str) -> _Group:
        listed, failures = [], []
        for record in self.records.values():
            if not record.problem and group not in record.text:
                continue
            if record.metadata is None:
                continue
            name, version = record.metadata.name, record.metadata.version
            problem, points = record.problem, []
            try:
                points = [point for point in record.points() if point.group == group]
            except Exception as error:  # noqa: BLE001  a file cut short; it differs by Python
                problem = one_line(error)
            if problem:
                source = PluginSource("entry_points.txt", name, version, "")
                failures.append(PluginFailure(source, problem))
            listed += [(PluginSource(p.name, name, version, p.value), p) for p in points]
        return listed, failures


class _State:
    inventory: _Inventory | None = None


_state = _State()


def one_line(error: BaseException) -> str:
    """Return kind and message of an error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(" :")


def _inventory() -> _Inventory:
    fingerprint = tuple(_fingerprint())
    if _state.inventory is None or _state.inventory.fingerprint != fingerprint:
        _state.inventory = _Inventory(fingerprint, _records())
    return _state.inventory


def _fingerprint() -> Iterator[object]:
    for entry in sys.path:
        try:
            yield entry, os.stat(entry or ".").st_mtime_ns  # noqa: PTH116  quicker than a Path
        except (OSError, ValueError):
            yield entry, None


def _records() -> dict[str, _Record]:
    found: dict[str, list[Distribution]] = {}
    for each in distributions():
        found.setdefault(normalized_name(_name(each)), []).append(each)
    records = {}
    for name in sorted(found):
        # The first distribution of a name on the path is the one that Python imports; a folder
        # that an uninstallation left behind is none.
        several = found[name]
        chosen = next((d for d in several if _head(d)), None) if len(several) > 1 else several[0]
        if name and chosen is not None:
            records[name] = _record(chosen)
    return records


def _record(found: Distribution) -> _Record:
    try:
        return _Record(found, text=found.read_text("entry_points.txt") or "")
    except Exception as error:  # noqa: BLE001  damaged, or not to be read by this user
        return _Record(found, problem=one_line(error))


def _name(found: Distribution) -> str:
    """Return the name of a distribution, by its folder where it has one."""
    folder = getattr(getattr(found, "_path", None), "name", "")
    stem, suffix = os.path.splitext(folder)  # noqa: PTH122  the text of a name, not a path
    if suffix in _METADATA_SUFFIXES:
        return stem.partition("-")[0]
    head = _head(found)
    return head.name if head else ""


def _head(found: Distribution) -> InstalledDistribution | None:
    """Read the head of a distribution's metadata; its description may be long."""
    try:
        text = next(filter(None, map(found.read_text, _METADATA_FILES)), "")
    except (OSError, ValueError):
        return None
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line:
            break
        key, _, value = line.partition(":")
        if not line[0].isspace():
            fields.setdefault(key.lower(), []).append(value.strip())
    if not fields.get("name"):
        return None
    version = fields.get("version", [""])[0]
    return InstalledDistribution(fields["name"][0], version, tuple(fields.get("requires-dist", ())))
