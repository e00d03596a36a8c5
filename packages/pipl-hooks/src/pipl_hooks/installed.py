"""Which packls are installed here, and what their entry points declare; read once per process.

Every lookup of a service, a type or a plugin goes through this module. What was read is read
again as soon as `sys.path` or one of its folders has changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import _metadata
from ._metadata import EntryPoint, InstalledDistribution, Record
from .references import normalized_name

__all__ = [
    "EntryPoint",
    "InstalledDistribution",
    "PluginFailure",
    "PluginSource",
    "distribution",
    "entry_points",
    "one_line",
    "refresh",
    "source_of_module",
    "unreadable_entry_points",
]


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
    return record.head if record else None


def source_of_module(module: str) -> PluginSource | None:
    """Return the packl that brings a module, or None where no packl does.

    A packl is called like its import package; of others, the entry points are asked.
    """
    top = module.partition(".")[0]
    records = _inventory().records
    same = records.get(normalized_name(top))
    named = (record for record in records.values() if top in _modules(record))
    for record in ([same] if same else []) + list(named):
        if record.head:
            return PluginSource("", record.head.name, record.head.version, module)
    return None


def refresh() -> None:
    """Forget what was read, when something changed that folders do not show."""
    _state.inventory = None


def one_line(error: BaseException) -> str:
    """Return kind and message of an error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(" :")


_Group = tuple[list[tuple[PluginSource, EntryPoint]], list[PluginFailure]]


@dataclass
class _Inventory:
    """All distributions, by their normalized names, in the order of these."""

    fingerprint: tuple[object, ...]
    records: dict[str, Record]
    groups: dict[str, _Group] = field(default_factory=dict)

    def group(self, group: str) -> _Group:
        if group not in self.groups:
            self.groups[group] = _group(self.records.values(), group)
        return self.groups[group]


class _State:
    inventory: _Inventory | None = None


_state = _State()


def _inventory() -> _Inventory:
    fingerprint = tuple(_fingerprint())
    if _state.inventory is None or _state.inventory.fingerprint != fingerprint:
        _state.inventory = _Inventory(fingerprint, _chosen())
    return _state.inventory


def _fingerprint() -> Iterator[object]:
    for entry in sys.path:
        try:
            yield entry, os.stat(entry or ".").st_mtime_ns  # noqa: PTH116  quicker than a Path
        except (OSError, ValueError):
            yield entry, None


def _chosen() -> dict[str, Record]:
    found: dict[str, list[Record]] = {}
    for each in _metadata.records():
        found.setdefault(each.key, []).append(each)
    chosen = {}
    for name in sorted(found):
        # The first distribution of a name on the path is the one that Python imports; a folder
        # that an uninstallation left behind is none.
        several = found[name]
        record = next((r for r in several if r.head), None) if len(several) > 1 else several[0]
        if record is not None:
            chosen[name] = record
    return chosen


def _group(records: Iterable[Record], group: str) -> _Group:
    listed, failures = [], []
    for record in records:
        points, problem = [], ""
        try:
            # Most distributions declare nothing of the group, which is seen without reading more.
            if group in record.declared:
                points = [point for point in record.points if point.group == group]
        except Exception as error:  # noqa: BLE001  a file cut short, or not to be read
            problem = one_line(error)
        if not (points or problem) or record.head is None:
            continue
        name, version = record.head.name, record.head.version
        if problem:
            source = PluginSource("entry_points.txt", name, version, "")
            failures.append(PluginFailure(source, problem))
        listed += [(PluginSource(p.name, name, version, p.value), p) for p in points]
    return listed, failures


def _modules(record: Record) -> set[str]:
    """Return the top-level modules that the entry points of a distribution name."""
    try:
        return {point.module.partition(".")[0] for point in record.points}
    except Exception:  # noqa: BLE001  said where plugins are loaded
        return set()
