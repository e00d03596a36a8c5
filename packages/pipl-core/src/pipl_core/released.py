"""Released packls: found in the project's index, and read from their wheels."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.version import Version

from pipl_hooks import PacklInfo, import_name, normalized_name
from pipl_hooks.packl import DATA_FOLDER

from ._project_file import RELEASE_INDEX
from .building import read_wheel
from .errors import NotFoundError, PacklError
from .moments import end_of, parsed_moment

if TYPE_CHECKING:
    from .index import IndexClient
    from .project import Project


@dataclass(frozen=True)
class ReleasedPackl:
    """A released packl's wheel, fetched from the project's index.

    Attributes:
        name: Name of the packl, as its metadata writes it.
        version: Its version.
        wheel: The file; its digest was checked.
    """

    name: str
    version: str
    wheel: Path

    @property
    def module(self) -> str:
        """Its import name."""
        return import_name(self.name)

    @property
    def info(self) -> PacklInfo:
        """What its `packl.toml` says; kind `code` where it has none."""
        text = self.data("packl.toml")
        return PacklInfo("code") if text is None else PacklInfo.from_text(text)

    def data(self, name: str) -> str | None:
        """Return the text of a file of its `_packl` folder; None where there is none.

        Raises:
            PacklError: The wheel cannot be read.
        """
        try:
            with zipfile.ZipFile(self.wheel) as archive:
                return archive.read(f"{self.module}/{DATA_FOLDER}/{name}").decode("utf-8")
        except KeyError:
            return None
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            msg = f"The wheel of {self.name} {self.version} cannot be read."
            raise PacklError(msg, context=str(error)) from error


@contextlib.contextmanager
def released_packl(
    project: Project, requirement: Requirement, *, at: str | None = None
) -> Iterator[ReleasedPackl]:
    """Fetch the newest released version that a requirement allows, until the end of the block.

    A pre-release is taken only where it is asked for, or where there is nothing else, and one that
    was withdrawn only where it is named exactly (PEP 592).

    Args:
        project: The project.
        requirement: Name of the packl, and its versions.
        at: A day or time, as `parsed_moment` reads it: what came later is not there.

    Raises:
        NotFoundError: Nothing that fits has been released.
        ServerError: The server does not run.
    """
    with contextlib.closing(project.client()) as client:
        wheels = {
            Version(release.version): release
            for release in client.releases(RELEASE_INDEX, requirement.name)
            if release.file.endswith(".whl")
        }
        files = _files(client, requirement.name) if wheels else {}
        withdrawn = {
            version
            for version, release in wheels.items()
            if files[release.file].get("yanked", False) is not False
        }
        exactly, end = _names_one(requirement), _end(at)
        offered = [
            version
            for version, release in wheels.items()
            if (exactly or version not in withdrawn)
            and (end is None or datetime.fromisoformat(files[release.file]["upload-time"]) < end)
        ]
        fitting = list(requirement.specifier.filter(offered))
        if not fitting:
            msg = f"{requirement} has not been released in {project.name}."
            known = [f"{v} (withdrawn)" if v in withdrawn else str(v) for v in sorted(wheels)]
            context = f"Released versions of it: {', '.join(known) or 'none'}."
            hint = f"Check name and versions: `pipl proj index list {RELEASE_INDEX}` lists what there is."
            raise NotFoundError(msg, context=context, hint=hint)
        release = wheels[max(fitting)]
        with TemporaryDirectory(prefix="pipl-wheel-") as folder:
            wheel = client.download(release.path, Path(folder) / release.file, release.digest)
            found = read_wheel(wheel)
            yield ReleasedPackl(found.name, found.version, wheel)


def _files(client: IndexClient, name: str) -> dict[str, Mapping[str, Any]]:
    """Return what the page of a packl says of its files, by file name."""
    page = client.simple(RELEASE_INDEX, normalized_name(name))
    return {file["filename"]: file for file in page["files"]}


def _names_one(requirement: Requirement) -> bool:
    return any(
        each.operator in {"==", "==="} and not each.version.endswith(".*")
        for each in requirement.specifier
    )


def _end(at: str | None) -> datetime | None:
    moment = parsed_moment(at) if at else None
    return datetime.fromisoformat(end_of(moment)) if moment else None
