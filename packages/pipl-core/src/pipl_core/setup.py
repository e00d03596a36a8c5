"""Sets a project's server up: its users, its mirror and the indexes of its stages."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._project_file import MIRROR_INDEX, RELEASE_INDEX
from .credentials import KeptPasswords, client_with_password, log_in, new_password
from .errors import AccessError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .index import IndexClient
    from .project import Project

CI_USER = "ci"
"""Acts for the handlers: only it uploads beyond the first stage."""

ROOT = "root"
EVERYBODY = ":AUTHENTICATED:"


@dataclass(frozen=True)
class SetupReport:
    """What a set-up did.

    Attributes:
        artist: The first artist.
        made: What was made; empty where everything stood already.
        user: Who is logged in.
    """

    artist: str
    made: tuple[str, ...]
    user: str | None


def set_up(project: Project, artist: str, progress: Progress) -> SetupReport:
    """Set a project's server up; what stands already is left as it is.

    The root password becomes a random one that the project keeps, where it is still the empty one
    of a new server.

    Args:
        project: The project; its server runs.
        artist: Name of the first artist.
        progress: Called with each step.

    Raises:
        AccessError: Somebody has set a root password, and is not logged in as root.
    """
    made: list[str] = []

    def make(what: str) -> None:
        made.append(what)
        progress(f"Made {what}")

    root = _as_root(project, make)
    with contextlib.closing(root):
        for user in (CI_USER, artist):
            _make_user(project, root, user, make)
        _make_mirror(project, root)
        create_default_index(root, make)
        for stage in project.config.stages:
            if stage.index != RELEASE_INDEX:
                _make_index(root, stage.index, make, **stage_index_options(project, stage.name))
    return SetupReport(artist, tuple(made), _log_in(project, artist))


def _log_in(project: Project, artist: str) -> str | None:
    """Log the artist in, unless somebody else is already, and return who is."""
    with contextlib.closing(project.client()) as client:
        user = client.authenticated_user()
    if user is not None and user != artist:
        return user
    password = KeptPasswords(project).get(artist)
    if password is None:
        return user
    log_in(project, artist, password).close()
    return artist


def create_default_index(root: IndexClient, make: Progress | None = None) -> bool:
    """Make `root/PROJ`, the index of released packls, and tell whether it was missing.

    It is not volatile: a released version never changes.
    """
    return _make_index(
        root,
        RELEASE_INDEX,
        make,
        type="stage",
        bases=[MIRROR_INDEX],
        volatile=False,
        acl_upload=[ROOT, CI_USER],
        acl_toxresult_upload=[CI_USER],
        title="Released packls",
    )


def stage_index_options(project: Project, name: str) -> dict[str, object]:
    """Return how the index of a stage before the last one is made.

    People upload to the first stage, and only the handlers' user beyond it.
    """
    first = project.config.stages[0].name
    return {
        "type": "stage",
        "bases": [RELEASE_INDEX],
        "volatile": True,
        "acl_upload": [EVERYBODY] if name == first else [CI_USER],
        "acl_toxresult_upload": [CI_USER],
        "title": f"Stage {name}",
    }


def _as_root(project: Project, make: Progress) -> IndexClient:
    kept = KeptPasswords(project)
    password = kept.get(ROOT)
    if password is not None:
        with contextlib.suppress(AccessError):
            return client_with_password(project, ROOT, password)
    try:
        client = client_with_password(project, ROOT, "")
    except AccessError:
        client = project.client()
        if client.authenticated_user() != ROOT:
            msg = "Setting a project up needs its root user, whose password somebody has set."
            raise AccessError(msg, hint="Log in: `pipl login root`, then do it again.") from None
        return client
    with contextlib.closing(client):
        password = new_password()
        # Kept first: if we die now, the old password still works, and the next run goes on.
        kept.keep(ROOT, password)
        client.change_user(ROOT, password=password)
        make("a random root password")
    return client_with_password(project, ROOT, password)


def _make_user(project: Project, root: IndexClient, name: str, make: Progress) -> None:
    kept = KeptPasswords(project)
    password = kept.get(name) or new_password()
    if name in root.users():
        return
    kept.keep(name, password)
    root.add_user(name, password)
    make(f"the user {name}")


def _make_mirror(project: Project, root: IndexClient) -> None:
    # The full list of a public index's names costs minutes and gigabytes, and nobody needs it.
    values: dict[str, object] = {"mirror_no_project_list": True}
    if project.config.mirror_url:
        values["mirror_url"] = project.config.mirror_url
    try:
        root.change_index(MIRROR_INDEX, **values)
    except NotFoundError:
        root.add_index(MIRROR_INDEX, type="mirror", **values)


def _make_index(root: IndexClient, name: str, make: Progress | None, **options: object) -> bool:
    try:
        root.index(name)
    except NotFoundError:
        with contextlib.suppress(ConflictError):
            root.add_index(name, **options)
            if make:
                make(f"the index {name}")
            return True
    return False
