"""Where passwords come from: the project, standard input, a variable, the keyring, a prompt."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import click

from . import console

if TYPE_CHECKING:
    from pipl_core import Project
    from pipl_core.index import IndexClient


def log_in(project: Project, user: str, *, from_stdin: bool) -> IndexClient:
    """Log in with the first password that there is.

    Args:
        project: The project.
        user: Name of the user.
        from_stdin: Read the password from standard input, and from nowhere else.

    Raises:
        AccessError: There is no password, or the server does not accept it.
    """
    from pipl_core import AccessError, credentials

    if from_stdin:
        return credentials.log_in(project, user, read_line())
    kept = credentials.KeptPasswords(project).get(user)
    if kept is not None:
        # Somebody may have changed it without pipl; then it is asked for as any other.
        with contextlib.suppress(AccessError):
            return credentials.log_in(project, user, kept)
    given = _from_environment(user)
    if given is None:
        given = _from_keyring(project.address, user)
    if given is None:
        given = ask(f"Password of {user}")
    return credentials.log_in(project, user, given)


def new_password(user: str, *, from_stdin: bool, generate: bool) -> str:
    """Return a new password for a user: read, made up, or asked for twice."""
    from pipl_core.credentials import new_password

    if generate:
        return new_password()
    if from_stdin:
        return read_line()
    return ask(f"New password of {user}", twice=True)


def read_line() -> str:
    """Read a password from standard input: its first line, without the newline."""
    return sys.stdin.readline().rstrip("\r\n")


def ask(question: str, *, twice: bool = False) -> str:
    """Ask for a password that is not shown.

    Raises:
        AccessError: Nobody is there to answer.
    """
    from pipl_core import AccessError

    if not has_terminal():
        msg = f"There is no terminal to ask for this: {question}."
        hint = "Give it with --password-stdin, or set PIPL_PASSWORD before `pipl login`."
        raise AccessError(msg, hint=hint)
    # A new server's root has an empty password, so an empty answer is one; a new one is not empty.
    if twice:
        answer = click.prompt(question, hide_input=True, confirmation_prompt=True, err=True)
    else:
        answer = click.prompt(question, hide_input=True, default="", show_default=False, err=True)
    return str(answer)


def has_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty()


def warn_of_argument() -> None:
    """Warn of a password among the arguments."""
    console.warn(
        "a password among the arguments can be seen in the list of processes and in the shell's "
        "history; `pipl login root` and the prompts keep it secret."
    )


def _from_environment(user: str) -> str | None:
    from pipl_core.credentials import PASSWORD_VARIABLE, USER_VARIABLE

    if os.environ.get(USER_VARIABLE, user) != user:
        return None
    return os.environ.get(PASSWORD_VARIABLE)


def _from_keyring(address: str, user: str) -> str | None:
    try:
        import keyring
    except ImportError:
        return None
    try:
        found = keyring.get_password(address, user)
    except Exception as error:  # noqa: BLE001  whatever a keyring's back end raises
        console.warn(f"the keyring gives no password: {error}")
        return None
    return None if found is None else str(found)
