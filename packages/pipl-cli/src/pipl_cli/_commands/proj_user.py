"""`pipl proj user`: list, add, set, remove.

`add`, `set` and `remove` take root's password as their first word, as pipl's first README had it,
or act as whoever is logged in; the number of words tells which.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from .. import console
from .._acting import acting
from ..options import command, json_option, path_option, project_of

if TYPE_CHECKING:
    from pipl_core.index import IndexClient

F = TypeVar("F", bound=Callable[..., object])


def _password_options(function: F) -> F:
    generate = click.option("--generate", is_flag=True, help="Make one up, and print it once.")
    stdin = click.option("--password-stdin", is_flag=True, help="Read it from standard input.")
    return generate(stdin(function))


@command("list", "pipl proj user list")
@json_option
@path_option()
def list_users(as_json: bool, path: Path) -> None:
    """List the users of the project's server."""
    project = project_of(path)
    with contextlib.closing(project.client()) as client:
        users = client.users()
    if as_json:
        rows = [{"name": name, "email": users[name].get("email") or ""} for name in sorted(users)]
        console.json_data(rows)
        return
    names = ", ".join(sorted(users))
    console.data(f"Found {len(users)} user(s) in project {project.name}: {names}")


@command("add", "pipl proj user add bob bob@pipl.io\npipl proj user add bob --generate")
@click.argument("words", nargs=-1, required=True, metavar="NAME [EMAIL]")
@_password_options
@path_option()
def add(words: tuple[str, ...], password_stdin: bool, generate: bool, path: Path) -> None:
    """Make a user; their password is asked for.

    Log in as root first. Also ROOT_PASSWORD NAME PASSWORD [EMAIL], which shows both passwords to
    whoever looks at this machine's processes.
    """
    from .. import _passwords

    root_password: str | None = None
    password: str | None = None
    match words:
        case (name,):
            email = ""
        case (name, email) if "@" in email:
            pass
        case (root_password, name, password):
            email = ""
        case (root_password, name, password, email):
            pass
        case _:
            msg = "Give NAME [EMAIL], or ROOT_PASSWORD NAME PASSWORD [EMAIL]."
            raise click.UsageError(msg)
    project = project_of(path)
    with acting(project, root_password) as client:
        if password is None:
            password = _passwords.new_password(name, from_stdin=password_stdin, generate=generate)
        client.add_user(name, password, email)
    console.message(f"Made the user {name}.")
    if generate:
        console.data(password)


@command("set", "pipl proj user set bob\npipl proj user set bob --email bob@pipl.io")
@click.argument("words", nargs=-1, required=True, metavar="NAME")
@click.option("--password", help="The new password, for all to see; better leave it out.")
@click.option("--email", help="The new email address.")
@_password_options
@path_option()
def set_user(
    words: tuple[str, ...],
    password: str | None,
    email: str | None,
    password_stdin: bool,
    generate: bool,
    path: Path,
) -> None:
    """Give a user a new password, which is asked for, or a new email address.

    Everybody can set their own password, and root everybody's. Also ROOT_PASSWORD NAME, with
    --password, which shows both to whoever looks at this machine's processes.
    """
    from pipl_core.credentials import set_password

    from .. import _passwords

    root_password, name = _with_root_password(words)
    if password is not None and root_password is None:
        _passwords.warn_of_argument()
    project = project_of(path)
    with acting(project, root_password) as client:
        if email is not None:
            client.change_user(name, email=email)
            console.message(f"Set the email address of {name}.")
        if email is None or password is not None or password_stdin or generate:
            _check_exists(client, name)
            if password is None:
                password = _passwords.new_password(
                    name, from_stdin=password_stdin, generate=generate
                )
            set_password(project, client, name, password)
            console.message(f"Set the password of {name}.")
    if generate and password is not None:
        console.data(password)


@command("remove", "pipl proj user remove bob")
@click.argument("words", nargs=-1, required=True, metavar="NAME")
@click.option("--with-indexes", is_flag=True, help="Remove the user's own indexes, too.")
@path_option()
def remove(words: tuple[str, ...], with_indexes: bool, path: Path) -> None:
    """Remove a user.

    Log in as root first. Also ROOT_PASSWORD NAME, which shows that password to whoever looks at
    this machine's processes.
    """
    from pipl_core import ConflictError
    from pipl_core.credentials import KeptPasswords

    root_password, name = _with_root_password(words)
    project = project_of(path)
    with acting(project, root_password) as client:
        indexes = sorted(_check_exists(client, name))
        if indexes and not with_indexes:
            msg = f"The user {name} has indexes, which would be removed, too."
            context = ", ".join(f"{name}/{index}" for index in indexes)
            raise ConflictError(msg, context=context, hint="Add --with-indexes to remove them.")
        client.remove_user(name)
    KeptPasswords(project).forget(name)
    console.message(f"Removed the user {name}.")


def _with_root_password(words: tuple[str, ...]) -> tuple[str | None, str]:
    match words:
        case (name,):
            return None, name
        case (root_password, name):
            return root_password, name
    msg = "Give NAME, or ROOT_PASSWORD NAME."
    raise click.UsageError(msg)


def _check_exists(client: IndexClient, name: str) -> dict[str, object]:
    from pipl_core import NotFoundError
    from pipl_hooks.suggestions import did_you_mean

    users = client.users()
    if name not in users:
        msg = f"There is no user {name!r}."
        hint = f"{did_you_mean(name, users)}There is: {', '.join(sorted(users))}."
        raise NotFoundError(msg, hint=hint)
    return dict(users[name].get("indexes", {}))
