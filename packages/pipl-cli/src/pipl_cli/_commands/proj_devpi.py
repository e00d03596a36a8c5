"""`pipl proj devpi`: the devpi client, pointed at the project."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..options import command, path_option, project_of

if TYPE_CHECKING:
    from pipl_core import Project


@command(
    "devpi",
    "pipl proj devpi -- index\npipl proj devpi -- list --all",
    context_settings={"ignore_unknown_options": True},
)
@path_option()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def devpi(path: Path, arguments: tuple[str, ...]) -> None:
    """Run the devpi client against the project, as whoever is logged in.

    It has a folder of its own for its state, so your other devpi settings stay as they are. The
    exit status is that of devpi.
    """
    from .._programs import run

    project = project_of(path)
    folder = _client_folder(project)
    variables = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "DEVPI_INDEX"}}
    variables["DEVPI_CLIENTDIR"] = str(folder)
    program = [sys.executable, "-m", "devpi"]
    if not (folder / "current.json").exists():
        _use(project, program, variables)
    _hand_login_over(project, folder)
    click.get_current_context().exit(run([*program, *arguments], variables))


def _client_folder(project: Project) -> Path:
    import platformdirs

    from pipl_core import CoreError

    key = hashlib.sha256(project.address.encode()).hexdigest()[:16]
    folder = platformdirs.user_state_path("pipl") / "devpi" / key
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder} could not be made."
        raise CoreError(msg, context=error.strerror) from error
    return folder


def _use(project: Project, program: list[str], variables: dict[str, str]) -> None:
    from pipl_core import RELEASE_INDEX, NotFoundError, ServerError

    with contextlib.closing(project.client()) as client:
        try:
            client.index(RELEASE_INDEX)
            address = f"{project.address}/{RELEASE_INDEX}"
        except NotFoundError:
            address = project.address
    done = subprocess.run(
        [*program, "use", address], env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        msg = "The devpi client cannot use the project's server."
        raise ServerError(msg, context=(done.stderr or done.stdout).strip()[-2000:])


def forget_login(project: Project) -> None:
    """Take away the login that was handed over to the devpi client."""
    (_client_folder(project) / "auth.json").unlink(missing_ok=True)


def _hand_login_over(project: Project, folder: Path) -> None:
    """Write our login as devpi-client writes its own: `devpi/use.py`, `Current.set_auth`."""
    from pipl_core.credentials import Logins, write_private

    login = Logins().get(project.address)
    if login is None:
        return
    auth, current = _read(folder / "auth.json"), _read(folder / "current.json")
    users = auth.setdefault("auth", {})
    root = f"{project.address}/"
    others = [entry for entry in users.get(root, []) if entry[0] != login[0]]
    users[root] = [list(login), *others]
    current["username"] = login[0]
    write_private(folder / "auth.json", json.dumps(auth, indent=2))
    write_private(folder / "current.json", json.dumps(current, indent=2))


def _read(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            return data
    return {}
