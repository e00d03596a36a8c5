"""What a packl's wheel holds, read without installing it."""

from __future__ import annotations

import contextlib
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipl_hooks import AssetReference
from pipl_hooks.assets import references_from_text
from pipl_hooks.packl import DATA_FOLDER

from ._wheel_facts import WheelFacts, facts_of
from .building import build_wheel
from .errors import PacklError
from .history import Edit, edits_from_text
from .locks import LOCK_NAME

if TYPE_CHECKING:
    from pipl_hooks import ReleaseRecord

    from .packl import Packl
    from .project import Project


@dataclass(frozen=True)
class CodeFile:
    """A file of a packl's code.

    Attributes:
        size: Its bytes.
        checksum: Its CRC-32, as the archive has it.
    """

    size: int
    checksum: int


@dataclass(frozen=True)
class Content:
    """What a version of a packl holds.

    Attributes:
        name: Name of the packl.
        version: Its version.
        facts: Its metadata.
        lock: Versions of what its lock names, by name; None without a lock.
        assets: Its references to Assets, by name.
        history: Its managed edits, the oldest first.
        code: Its other files, by path.
    """

    name: str
    version: str
    facts: WheelFacts
    lock: Mapping[str, str] | None
    assets: Mapping[str, AssetReference]
    history: tuple[Edit, ...]
    code: Mapping[str, CodeFile]


def released_content(project: Project, record: ReleaseRecord) -> Content:
    """Return what a release holds.

    Args:
        project: The project, whose server runs.
        record: The release, from the project's catalogue.

    Raises:
        PacklError: Its wheel cannot be read.
    """
    with (
        tempfile.TemporaryDirectory(prefix="pipl-") as folder,
        contextlib.closing(project.client()) as client,
    ):
        wheel = client.download(record.path, Path(folder) / record.file, record.digest)
        return content_of(wheel, record.name, record.version)


def edited_content(packl: Packl) -> Content:
    """Return what a packl in edition would hold if it were published now; its lock is the last one.

    Raises:
        PacklError: It cannot be built.
    """
    with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
        return content_of(build_wheel(packl.folder, Path(folder)).path, packl.name, packl.version)


def content_of(wheel: Path, name: str, version: str) -> Content:
    """Read a wheel.

    Raises:
        PacklError: It cannot be read.
    """
    facts = facts_of(wheel)
    if facts.problem is not None:
        msg = f"The wheel of {name} {version} cannot be read."
        raise PacklError(msg, context=facts.problem, hint="Build and publish it again.")
    with zipfile.ZipFile(wheel) as archive:
        data, code = {}, {}
        for info in archive.infolist():
            path = PurePosixPath(info.filename)
            if info.is_dir() or path.parts[0].endswith(".dist-info"):
                continue
            if DATA_FOLDER in path.parts[:2]:
                data[path.name] = archive.read(info).decode("utf-8", "replace")
            else:
                code[info.filename] = CodeFile(info.file_size, info.CRC)
    where = f"history.jsonl of {name} {version}"
    return Content(
        name,
        version,
        facts,
        _locked(data.get(LOCK_NAME), name, version),
        references_from_text(data["assets.json"]) if "assets.json" in data else {},
        tuple(edits_from_text(data.get("history.jsonl", ""), where)),
        dict(sorted(code.items())),
    )


def _locked(text: str | None, name: str, version: str) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        packages = tomllib.loads(text)["packages"]
        return {str(package["name"]): str(package["version"]) for package in packages}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        msg = f"The lock of {name} {version} cannot be read."
        raise PacklError(msg, context=repr(error), hint="Publish the task again.") from error
