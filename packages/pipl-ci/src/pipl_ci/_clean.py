"""Clean environments for handlers: only the wheel and what it needs, and nothing of ours."""

from __future__ import annotations

import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipl_core import Project
from pipl_core.building import required
from pipl_core.constraints import about_others
from pipl_core.environments import VirtualEnvironment, check_no_address
from pipl_core.index import IndexClient
from pipl_core.locks import LOCK_NAME, usable_lock
from pipl_hooks import PacklInfo, import_name
from pipl_hooks.packl import DATA_FOLDER

from .errors import CiError

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import RunRequest

_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables of ours that a packl's code may see: none holds a secret."""


@dataclass(frozen=True)
class ArrivedPackl:
    """A packl's wheel, as it was fetched from the server.

    Attributes:
        wheel: The file; its digest was checked.
        module: Import name of the packl.
        info: What its `packl.toml` says; kind `code` where it has none.
        lock: Text of its lock, where it has one.
        has_assets: Whether it refers to Assets.
    """

    wheel: Path
    module: str
    info: PacklInfo
    lock: str | None
    has_assets: bool


def fetch(request: RunRequest) -> ArrivedPackl:
    """Fetch the wheel of a run, and read what it says of itself.

    Raises:
        ServerError: Its bytes are not those that were announced.
        FormatError: Its `packl.toml` cannot be read.
        CiError: It is no wheel, or its data is in a strange place.
        InstallError: It requires an address, instead of a name in the project's index.
    """
    project = Project(request.project)
    client = IndexClient(project.address)
    try:
        target = request.folder / request.file.rpartition("/")[2]
        wheel = client.download(request.file, target, request.digest)
    finally:
        client.close()
    for requirement in required(wheel):
        check_no_address(requirement)
    try:
        return _arrived(wheel, request.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        msg = f"The wheel {wheel.name} cannot be read."
        raise CiError(msg, context=f"{error!r:.500}", hint="Publish the packl again.") from error


def _arrived(wheel: Path, packl: str) -> ArrivedPackl:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        module = next(
            (n.split("/")[0] for n in sorted(names) if n.split("/")[1:2] == [DATA_FOLDER]),
            import_name(packl),
        )
        if not module.isidentifier():  # it becomes an argument of programs, and part of paths
            msg = f"The wheel {wheel.name} has its data in {module!r:.100}, which is no import package."
            raise CiError(msg, hint="Publish the packl again.")

        def read(name: str) -> str | None:
            path = f"{module}/{DATA_FOLDER}/{name}"
            return archive.read(path).decode("utf-8") if path in names else None

        info = read("packl.toml")
        return ArrivedPackl(
            wheel=wheel,
            module=module,
            info=PacklInfo("code") if info is None else PacklInfo.from_text(info),
            lock=read(LOCK_NAME),
            has_assets=read("assets.json") is not None,
        )


def clean_environment(request: RunRequest, packl: ArrivedPackl) -> VirtualEnvironment:
    """Make a virtualenv that holds a packl and what it needs, without its `edit` extra.

    A Task's comes from its lock; others take the newest released versions that fit, and that the
    project's constraints allow.

    Raises:
        InstallError: It cannot be installed; the context is the installer's explanation.
    """
    project = Project(request.project)
    environment = VirtualEnvironment(
        request.folder / "venv", project, base=scrubbed_variables(request)
    )
    environment.create()
    if packl.lock is not None:
        request.log("Installing what its lock names")
        environment.install_lock(usable_lock(project, packl.lock, request.folder))
        environment.install([str(packl.wheel)], dependencies=False)
    else:
        request.log("Installing it with what it depends on")
        constraints = about_others(project.config.constraints, [request.name])
        environment.install([str(packl.wheel)], constraints=constraints)
    environment.refresh()
    return environment


def scrubbed_variables(request: RunRequest) -> dict[str, str]:
    """Return the variables that a packl's code gets: no secrets, and an empty home."""
    home = request.folder / "home"
    temporary = request.folder / "tmp"
    for folder in (home, temporary):
        folder.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    homes = {"HOME": str(home), "USERPROFILE": str(home)}
    return {**kept, **homes, "TMPDIR": str(temporary), "TEMP": str(temporary)}
