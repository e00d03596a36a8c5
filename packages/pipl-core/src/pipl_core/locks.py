"""Locks (PEP 751): the concrete dependencies of a Task, written when it is published.

A lock in a packl names its files by their path on the project's server, `root/PROJ/+f/…`, so that
it holds wherever that server is reached; it gets whole addresses when it is used.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from .errors import CoreError, InstallError
from .installers import UvInstaller

if TYPE_CHECKING:
    from .packl import Packl
    from .project import Project
    from .workspace import Workspace

LOCK_NAME = "pylock.toml"


def lock_text(workspace: Workspace, packl: Packl) -> str:
    """Return the lock of what a packl's environment holds, without what only editing needs.

    Args:
        workspace: The workspace in which the packl works.
        packl: The packl.

    Raises:
        InstallError: The environment holds something that has not been released.
    """
    project, uv = workspace.project, UvInstaller()
    python = workspace.environment.python
    wanted = [*map(str, packl.requirements()), *workspace.requirements]
    with tempfile.TemporaryDirectory(prefix="pipl-lock-") as name:
        folder = Path(name)
        requirements, constraints = folder / "requirements.txt", folder / "constraints.txt"
        requirements.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        constraints.write_text("\n".join(uv.freeze(python)) + "\n", encoding="utf-8")
        lock = folder / LOCK_NAME
        try:
            uv.compile_lock(python, project.install_url, requirements, constraints, lock)
        except InstallError as error:
            msg = f"The environment of {packl.name} cannot be locked."
            hint = "Release what it depends on first, or `pipl work sync` to what is released."
            raise InstallError(msg, context=error.context, hint=hint) from error
        text = lock.read_text(encoding="utf-8")
    return text.replace(f'"{project.address}/', '"')


def usable_lock(project: Project, text: str, folder: Path) -> Path:
    """Write a packl's lock with the addresses of the project's server, for an installer.

    Raises:
        CoreError: The lock cannot be read, or names a file that is not the project's.
    """
    try:
        document = tomlkit.parse(text)
        for package in document["packages"]:
            files = [*package.get("wheels", []), package.get("sdist")]
            for file in (each for each in files if each is not None):
                path = str(file["url"])
                if "://" in path or path.startswith("/") or ".." in path.split("/"):
                    msg = f"The lock names {path!r}, which is not a file of the project's server."
                    raise CoreError(msg, hint="Publish the Task again, to lock it anew.")
                file["url"] = f"{project.address}/{path}"
            if "index" in package:
                package["index"] = project.install_url
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = "The lock cannot be read."
        raise CoreError(msg, context=repr(error), hint="Publish the Task again.") from error
    usable = folder / LOCK_NAME
    usable.write_text(tomlkit.dumps(document), encoding="utf-8")
    return usable


def locked_versions(text: str) -> dict[str, str]:
    """Return the versions that a lock names, by name."""
    packages = tomllib.loads(text).get("packages", [])
    return {package["name"]: package.get("version", "") for package in packages}


def hashed_requirements(lock: Path) -> str:
    """Return a usable lock as a file of requirements with digests, as pip takes them.

    A version may have wheels for several platforms; pip takes the one that fits.
    """
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    indexes = dict.fromkeys(package["index"] for package in packages if "index" in package)
    lines = [f"--index-url {index}" for index in indexes]
    for package in packages:
        files = [*package.get("wheels", []), package.get("sdist")]
        digests = [f"--hash=sha256:{file['hashes']['sha256']}" for file in files if file]
        lines.append(" ".join([f"{package['name']}=={package['version']}", *digests]))
    return "\n".join(lines) + "\n"
