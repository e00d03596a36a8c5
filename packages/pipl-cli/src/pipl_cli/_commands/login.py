"""`pipl login`, `logout`, `whoami`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from .. import console
from ..options import command, json_option, path_option, project_of


@command("login", "pipl login bob\npipl login ci --password-stdin < password.txt")
@click.argument("user")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@path_option()
def login(user: str, password_stdin: bool, path: Path) -> None:
    """Log in at the project's server, for ten hours.

    The password is the one that the project keeps, where it keeps one that you may read; else it
    comes from PIPL_PASSWORD, from the keyring (service: the server's address), or from a prompt.
    """
    from .. import _passwords

    project = project_of(path)
    _passwords.log_in(project, user, from_stdin=password_stdin).close()
    console.message(f"Logged in as {user} at {project.address}; this lasts ten hours.")


@command("logout", "pipl logout")
@path_option()
def logout(path: Path) -> None:
    """Forget the login at the project's server."""
    from pipl_core.credentials import log_out

    project = project_of(path)
    from .proj_devpi import forget_login

    found = log_out(project)
    forget_login(project)
    console.message(f"{'Logged out' if found else 'Nobody was logged in'} at {project.address}.")


@command("whoami", "pipl whoami --json")
@json_option
@path_option()
def whoami(as_json: bool, path: Path) -> None:
    """Tell who is logged in at the project's server.

    The exit status is 0 when somebody is, and 1 when nobody is or the login ran out.
    """
    project = project_of(path)
    with contextlib.closing(project.client()) as client:
        user = client.authenticated_user()
        expired = user is None and client.user is not None
    if as_json:
        console.json_data({"user": user, "address": project.address, "expired": expired})
    elif user is not None:
        console.data(user)
    else:
        said = f"The login of {client.user} ran out" if expired else "Nobody is logged in"
        console.message(f"{said} at {project.address}. Log in: `pipl login USER`.")
    if user is None:
        click.get_current_context().exit(1)
