"""What a wheel says of itself, and a cache of that: a wheel never changes for its digest."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from pipl_hooks import FormatError, PacklInfo
from pipl_hooks.packl import DATA_FOLDER

if TYPE_CHECKING:
    from email.message import Message

FORMAT = 1
"""Version of the cache's files; those of another one are left alone."""

_SHARD = slice(7, 9)
"""Of a digest `sha256:ab…`: wheels that share these two digits share a file of the cache."""


@dataclass(frozen=True)
class WheelFacts:
    """What the catalogue needs of a wheel; the attributes are those of `ReleaseRecord`."""

    size: int = 0
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    provides_extra: tuple[str, ...] = ()
    summary: str = ""
    kind: str | None = None
    type: str | None = None
    entity: Mapping[str, str] = field(default_factory=dict)
    entry_points: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WheelFacts:
        """Read what `asdict` wrote as JSON.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: It is something else.
        """
        return cls(
            size=int(data["size"]),
            requires=tuple(map(str, data["requires"])),
            requires_python=str(data["requires_python"]),
            provides_extra=tuple(map(str, data["provides_extra"])),
            summary=str(data["summary"]),
            kind=_optional(data["kind"]),
            type=_optional(data["type"]),
            entity={str(key): str(value) for key, value in data["entity"].items()},
            entry_points={
                str(group): tuple(map(str, names)) for group, names in data["entry_points"].items()
            },
            problem=_optional(data["problem"]),
        )


def facts_of(wheel: Path) -> WheelFacts:
    """Read a wheel; one that cannot be read has a problem, and stops nothing."""
    size = wheel.stat().st_size
    try:
        with zipfile.ZipFile(wheel) as archive:
            return _facts(archive, size)
    except FormatError as error:
        return WheelFacts(size, problem=str(error))
    # What a broken archive or an entry point cut short raises differs by Python.
    except Exception as error:  # noqa: BLE001
        return WheelFacts(size, problem=f"{type(error).__name__}: {error}")


def _facts(archive: zipfile.ZipFile, size: int) -> WheelFacts:
    names = archive.namelist()
    inner = next((name for name in names if name.endswith(".dist-info/METADATA")), None)
    if inner is None:
        return WheelFacts(size, problem="It has no METADATA.")
    distribution = PathDistribution(zipfile.Path(archive, inner.removesuffix("METADATA")))
    # Its protocol leaves out what the email message has.
    message: Message = distribution.metadata  # type: ignore[assignment]
    points: dict[str, list[str]] = {}
    for point in distribution.entry_points:
        points.setdefault(point.group, []).append(point.name)
    marker = next((name for name in names if name.endswith(f"/{DATA_FOLDER}/packl.toml")), None)
    info = PacklInfo.from_text(archive.read(marker).decode("utf-8")) if marker else None
    return WheelFacts(
        size=size,
        requires=tuple(map(str, message.get_all("Requires-Dist", []))),
        requires_python=str(message["Requires-Python"] or ""),
        provides_extra=tuple(map(str, message.get_all("Provides-Extra", []))),
        summary=str(message["Summary"] or ""),
        kind=info.kind if info else None,
        type=info.type if info else None,
        entity=dict(info.entity) if info else {},
        entry_points={group: tuple(sorted(names)) for group, names in sorted(points.items())},
    )


class FactsCache:
    """Keeps facts in the user's cache folder; whatever is damaged there is read anew.

    Args:
        folder: Folder of the cache; the usual one where None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or platformdirs.user_cache_path("pipl") / f"wheels-{FORMAT}"
        self._shards: dict[str, dict[str, WheelFacts]] = {}

    def get(self, digest: str) -> WheelFacts | None:
        """Return the facts of the wheel with that digest, where they are known."""
        return self._shard(digest).get(digest)

    def keep(self, facts: Mapping[str, WheelFacts]) -> None:
        """Keep facts, by digest; a folder that cannot be written to is no error."""
        changed = set()
        for digest, each in facts.items():
            self._shard(digest)[digest] = each
            changed.add(digest[_SHARD])
        for shard in changed:
            data = {digest: asdict(each) for digest, each in self._shards[shard].items()}
            write_cache(self._path(shard), data)

    def _shard(self, digest: str) -> dict[str, WheelFacts]:
        shard = digest[_SHARD]
        if shard not in self._shards:
            found = {}
            data = read_cache(self._path(shard))
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                found = {key: WheelFacts.from_json(value) for key, value in data.items()}
            self._shards[shard] = found
        return self._shards[shard]

    def _path(self, shard: str) -> Path:
        return self._folder / f"{shard}.json"


def read_cache(path: Path) -> dict[str, Any]:
    """Read a file of a cache; one that is missing or damaged is empty."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            return data
    return {}


def write_cache(path: Path, data: Mapping[str, Any]) -> None:
    """Write a file of a cache in one step, where the disk lets us; it need not outlast a crash."""
    temporary = None
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(data, stream, ensure_ascii=False)
        temporary.replace(path)
        temporary = None
    if temporary is not None:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _optional(value: object) -> str | None:
    return None if value is None else str(value)
