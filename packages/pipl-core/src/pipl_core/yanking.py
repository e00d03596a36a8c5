"""Withdraws releases (PEP 592): they stay, for locks and for who names them, and are not picked anew."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from ._project_file import RELEASE_INDEX
from .credentials import KeptPasswords
from .errors import AccessError, NotFoundError
from .setup import ROOT
from .versions import parsed_version

if TYPE_CHECKING:
    from .index import IndexClient
    from .project import Project


@dataclass(frozen=True)
class Yank:
    """What was done to a release.

    Attributes:
        name: Name of the packl.
        version: Its version.
        index: Index that it lies in.
        reason: Why it is yanked; None where its yank was taken back.
        changed: Whether that was not so before.
        user: As whom it was done.
    """

    name: str
    version: str
    index: str
    reason: str | None
    changed: bool
    user: str


def yank(project: Project, name: str, version: str, reason: str) -> Yank:
    """Yank a release of a project, so that no installer picks it that is not told exactly this one.

    It is done as whoever is logged in. Where they may not, it is done as root by those who can
    read the password that the project keeps, which are the project's owners.

    Args:
        project: The project; its server runs.
        name: Name of the packl.
        version: Its version.
        reason: Why, in one line; installers show it.

    Raises:
        NotFoundError: There is no such release.
        AccessError: Whoever is logged in may not.
        CoreError: The reason is empty, or has several lines.
    """
    return _change(project, name, version, reason)


def unyank(project: Project, name: str, version: str) -> Yank:
    """Take the yank of a release back; see `yank`.

    Raises:
        NotFoundError: There is no such release.
        AccessError: Whoever is logged in may not.
    """
    return _change(project, name, version, None)


def _change(project: Project, name: str, version: str, reason: str | None) -> Yank:
    with contextlib.closing(project.client()) as client:
        version = _released_version(project, client, name, version)
        refused: AccessError | None = None
        if client.user is not None:
            try:
                return _changed(client, name, version, reason)
            except AccessError as error:
                refused = error
        may = ", ".join(client.index(RELEASE_INDEX).acl_upload)
        who = client.user
    if KeptPasswords(project).get(ROOT) is not None:
        with contextlib.closing(project.client(ROOT)) as root:
            return _changed(root, name, version, reason)
    msg = f"{who or 'Nobody is logged in, and anonymous'} may not yank releases of {project.name}."
    hint = "Log in as one of them (a login lasts ten hours): `pipl login USER`."
    context = f"Those may who upload to {RELEASE_INDEX}: {may}."
    raise AccessError(msg, context=context, hint=hint) from refused


def _changed(client: IndexClient, name: str, version: str, reason: str | None) -> Yank:
    if reason is None:
        changed = client.unyank(RELEASE_INDEX, name, version)
    else:
        changed = client.yank(RELEASE_INDEX, name, version, reason)
    return Yank(name, version, RELEASE_INDEX, reason, changed, str(client.user))


def _released_version(project: Project, client: IndexClient, name: str, version: str) -> str:
    """Return a version as the index has it: `1.0.0` for `1.0`, where that was released."""
    wanted = Version(parsed_version(version))
    versions: dict[Version, str] = {}
    for release in client.releases(RELEASE_INDEX, name):
        with contextlib.suppress(InvalidVersion):  # which no installer would pick
            versions[Version(release.version)] = release.version
    if wanted in versions:
        return versions[wanted]
    msg = f"{project.name} has no release {name} {version}."
    if not versions:
        hint = f"`pipl proj index list {RELEASE_INDEX}` lists what has been released."
        raise NotFoundError(msg, hint=hint)
    have = ", ".join(versions[found] for found in sorted(versions))
    raise NotFoundError(msg, context=f"It has {have}.", hint="Name one of them.")
