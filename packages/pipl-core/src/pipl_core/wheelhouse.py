"""Publishes wheels that were built elsewhere, such as pipl's own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._project_file import RELEASE_INDEX
from .building import read_wheel
from .errors import ConflictError

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import Progress

    from .building import Wheel
    from .project import Project

UPLOADS = 4
"""At once: the server commits one at a time, but hashing and sending go side by side."""


@dataclass(frozen=True)
class WheelsPublished:
    """What became of wheels.

    Attributes:
        uploaded: Names with versions of those that were new.
        unchanged: Those that were there already.
        kept: Those whose released version has other content, which stays.
    """

    uploaded: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]


def publish_wheels(
    project: Project,
    wheels: Sequence[Path],
    user: str,
    progress: Progress = lambda _: None,
    index: str = RELEASE_INDEX,
) -> WheelsPublished:
    """Upload wheels to an index, as a user whose password the project keeps.

    Args:
        project: The project.
        wheels: The files.
        user: Who uploads.
        progress: Called for each wheel that was new.
        index: Index to upload to.

    Raises:
        AccessError: The user may not upload there.
    """
    found: dict[str, list[str]] = {"uploaded": [], "unchanged": [], "kept": []}
    with contextlib.closing(project.client(user)) as client:

        def publish(wheel: Wheel) -> None:
            title = f"{wheel.name} {wheel.version}"
            released = client.release(index, wheel.name, wheel.version)
            if released is not None and released.digest == wheel.digest:
                found["unchanged"].append(title)
                return
            try:
                client.upload(index, wheel.path, wheel.metadata)
            except ConflictError:
                found["kept"].append(title)
            else:
                found["uploaded"].append(title)
                progress(title)

        with ThreadPoolExecutor(UPLOADS) as pool:
            list(pool.map(publish, map(read_wheel, wheels)))
    return WheelsPublished(
        *(tuple(sorted(found[key])) for key in ("uploaded", "unchanged", "kept"))
    )
