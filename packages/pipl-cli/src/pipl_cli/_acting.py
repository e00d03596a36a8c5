"""Who acts where root is needed: root by a password among the arguments, or who is logged in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import _passwords

if TYPE_CHECKING:
    from pipl_core import Project
    from pipl_core.index import IndexClient

ROOT = "root"


@contextlib.contextmanager
def acting(project: Project, root_password: str | None) -> Iterator[IndexClient]:
    """Give a client of the project's server.

    Args:
        project: The project.
        root_password: Root's password, from the arguments, which earns a warning; act as whoever
            is logged in where None.

    Raises:
        AccessError: The password is wrong, or nobody is logged in.
    """
    from pipl_core import AccessError
    from pipl_core.credentials import client_with_password

    if root_password is not None:
        _passwords.warn_of_argument()
        client = client_with_password(project, ROOT, root_password)
    else:
        client = project.client()
    with contextlib.closing(client):
        if client.user is None and client.answers():
            msg = f"Nobody is logged in at {project.address}."
            raise AccessError(msg, hint="Log in: `pipl login root`.")
        yield client
