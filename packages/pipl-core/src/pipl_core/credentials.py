"""Who is asking: logins of this user, and the passwords that a project keeps for itself."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from ._files import PRIVATE, write_text
from .errors import AccessError
from .index import IndexClient
from .names import check_user_name

if TYPE_CHECKING:
    from .project import Project

PASSWORD_VARIABLE = "PIPL_PASSWORD"  # noqa: S105  the name of a variable
USER_VARIABLE = "PIPL_USER"

TOKEN_KEPT = 1800.0
"""Seconds for which a process uses one token; the server honours it for ten hours."""

_tokens: dict[tuple[str, str, str], tuple[str | None, float]] = {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    write_text(path, text, PRIVATE)


def new_password() -> str:
    """Return a password that nobody can guess: 192 bits."""
    return secrets.token_urlsafe(24)


class KeptPasswords:
    """The passwords that a project keeps for its own users, readable by its owner alone."""

    def __init__(self, project: Project) -> None:
        self._folder = project.system / "secrets"

    def path(self, user: str) -> Path:
        """Return the file of a user's password.

        Raises:
            CoreError: Nobody can have that name.
        """
        return self._folder / check_user_name(user)

    def get(self, user: str) -> str | None:
        """Return a user's password, where the project keeps it and we may read it."""
        try:
            return self.path(user).read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, UnicodeDecodeError):
            return None

    def keep(self, user: str, password: str) -> None:
        """Keep a user's password."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self.path(user), password + "\n")

    def forget(self, user: str) -> None:
        """Keep a user's password no longer."""
        self.path(user).unlink(missing_ok=True)


class Logins:
    """Tokens of this user, one login for each server, in the user's own state folder."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or platformdirs.user_state_path("pipl") / "logins.json"

    def get(self, address: str) -> tuple[str, str] | None:
        """Return user and token for a server, or None where nobody is logged in."""
        try:
            entry = self._read()[address]
            return str(entry["user"]), str(entry["token"])
        except (KeyError, TypeError):  # nobody, or a file that somebody damaged
            return None

    def set(self, address: str, user: str, token: str) -> None:
        """Remember a login."""
        self._write({**self._read(), address: {"user": user, "token": token}})

    def forget(self, address: str) -> bool:
        """Forget the login at a server, and tell whether there was one."""
        entries = self._read()
        found = entries.pop(address, None) is not None
        if found:
            self._write(entries)
        return found

    def _read(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError, RecursionError):
            data = json.loads(self._path.read_text(encoding="utf-8"))
            if isinstance(data, dict):
                return data
        return {}

    def _write(self, entries: dict[str, Any]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path, json.dumps(entries, indent=2) + "\n")


def log_in(project: Project, user: str, password: str) -> IndexClient:
    """Log in with a password, remember the login, and return a client that uses it.

    Raises:
        AccessError: The server does not accept the password.
    """
    client = client_with_password(project, user, password)
    Logins().set(project.address, user, client.token or "")
    return client


def set_password(project: Project, client: IndexClient, user: str, password: str) -> None:
    """Give a user a new password; where the project keeps the old one, it keeps the new one.

    Whoever is logged in as that user stays so.

    Args:
        project: The project.
        client: Acts as `root`, or as the user.
        user: Name of the user.
        password: The new password.
    """
    token = client.change_user(user, password=password)
    kept = KeptPasswords(project)
    if kept.get(user) is not None:
        kept.keep(user, password)
    login = Logins().get(project.address)
    if token and login and login[0] == user:
        Logins().set(project.address, user, token)


def log_out(project: Project) -> bool:
    """Forget the login at a project's server, and tell whether there was one."""
    return Logins().forget(project.address)


def client_with_password(project: Project, user: str, password: str) -> IndexClient:
    """Return a client that acts as a user; the password is sent once, for a token.

    Raises:
        AccessError: The server does not accept the password.
    """
    anonymous = IndexClient(project.address)
    try:
        token = anonymous.login(user, password)
    except AccessError as error:
        msg = f"The server does not accept this password for the user {user!r}."
        hint = "Check both; `pipl proj user list` shows the users."
        raise AccessError(msg, context=error.context, hint=hint) from None
    finally:
        anonymous.close()
    return IndexClient(project.address, user, token)


def _token(project: Project, user: str, password: str) -> str | None:
    """Return a token for a kept password; asked for once in a while, since each login is slow."""
    key = (project.address, user, password)
    token, asked = _tokens.get(key, (None, 0.0))
    if token is None or time.monotonic() - asked > TOKEN_KEPT:
        client = client_with_password(project, user, password)
        client.close()
        token = client.token
        _tokens[key] = (token, time.monotonic())
    return token


def authenticated_client(project: Project, user: str | None = None) -> IndexClient:
    """Return a client that acts as `user`, or as whoever is logged in.

    Whoever is logged in comes from PIPL_USER and PIPL_PASSWORD, else from the last `pipl login`;
    without either the client is anonymous.

    Raises:
        AccessError: The project keeps no password for `user`.
    """
    if user is not None:
        password = KeptPasswords(project).get(user)
        if password is not None:
            return IndexClient(project.address, user, _token(project, user, password))
        login = Logins().get(project.address)
        if login and login[0] == user:
            return IndexClient(project.address, *login)
        msg = f"The project keeps no password for {user!r} that you may read."
        raise AccessError(msg, hint=f"Log in: `pipl login {user}`.")
    from_environment = os.environ.get(USER_VARIABLE), os.environ.get(PASSWORD_VARIABLE)
    if from_environment[0] and from_environment[1] is not None:
        return client_with_password(project, from_environment[0], from_environment[1])
    login = Logins().get(project.address)
    return IndexClient(project.address, *login) if login else IndexClient(project.address)
