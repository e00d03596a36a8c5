"""Locks (PEP 751): the concrete dependencies of a Task, written when it is published.

A lock in a packl names its files by their path on the project's server, `root/PROJ/+f/…`, so that
it holds wherever that server is reached; it gets whole addresses when it is used.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version

from pipl_hooks import normalized_name, shapes
from pipl_hooks.assets import check_digest

from ._project_file import MIRROR_INDEX, RELEASE_INDEX
from .constraints import in_force
from .errors import CoreError, InstallError
from .installed import InstalledPackls
from .installers import UvInstaller
from .names import same_name
from .requirements import EDIT_EXTRA, parsed_requirement, required_name

if TYPE_CHECKING:
    from .packl import Packl
    from .project import Project
    from .workspace import Workspace

LOCK_NAME = "pylock.toml"

_KNOWN = frozenset({"name", "version", "marker", "requires-python", "index", "wheels", "sdist"})
_PLACES = tuple(f"{index}/+{kind}/" for index in (RELEASE_INDEX, MIRROR_INDEX) for kind in "fe")
"""Where devpi has files: `+f` with a digest in the path, `+e` in mirrors without one."""


def lock_text(workspace: Workspace, packl: Packl) -> str:
    """Return the lock of what a packl's environment holds, without what only editing needs.

    Args:
        workspace: The workspace in which the packl works.
        packl: The packl.

    Raises:
        InstallError: The environment holds something that has not been released, or that the
            project's constraints do not allow.
    """
    project, uv = workspace.project, UvInstaller()
    python = workspace.environment.python
    installed = uv.freeze(python)
    edited = [f"{each.name}=={each.version}" for each in workspace.packls]
    asked = [*map(_without_editors, workspace.requirements), *_locked(workspace, installed)]
    # A Task that was released before may have been asked for here; it does not lock itself.
    asked = [each for each in asked if not same_name(required_name(each), packl.name)]
    wanted = [*map(str, packl.requirements()), *asked]
    with tempfile.TemporaryDirectory(prefix="pipl-lock-") as name:
        folder = Path(name)
        requirements, constraints = folder / "requirements.txt", folder / "constraints.txt"
        requirements.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        constraints.write_text("\n".join([*installed, *edited]) + "\n", encoding="utf-8")
        lock = folder / LOCK_NAME
        try:
            uv.compile_lock(python, project.install_url, requirements, constraints, lock)
        except InstallError as error:
            msg = f"The environment of {packl.name} cannot be locked."
            hint = "Release what it depends on first, or `pipl work sync` to what is released."
            raise InstallError(msg, context=error.context, hint=hint) from error
        text = lock.read_text(encoding="utf-8")
    _check_allowed(text, workspace, packl)
    text = text.replace(f'"{project.address}/', '"')
    return f'{text.rstrip()}\n\n[tool.pipl]\npython = "{workspace.environment.python_version}"\n'


def _locked(workspace: Workspace, installed: Sequence[str]) -> list[str]:
    """Return what of the workspace's own lock is still installed."""
    if not workspace.is_locked:
        return []
    names = set(map(normalized_name, locked_names(workspace.folder / LOCK_NAME)))
    return [each for each in installed if normalized_name(required_name(each)) in names]


def _check_allowed(text: str, workspace: Workspace, packl: Packl) -> None:
    installed = InstalledPackls(workspace.environment.folder)
    constraints = in_force(workspace.constraints, installed)
    refused = [
        f"It holds {each['name']} {each['version']}, but {constraint}."
        for each in tomllib.loads(text).get("packages", [])
        for constraint in constraints
        if not constraint.allows(each["name"], each["version"])
    ]
    if refused:
        msg = f"The environment of {packl.name} cannot be locked."
        hint = "`pipl work sync` brings what the project allows."
        raise InstallError(msg, context="\n".join(refused), hint=hint)


def locked_names(lock: Path) -> set[str]:
    """Return the names that a lock has versions of.

    Raises:
        CoreError: It cannot be read.
    """
    try:
        data = tomllib.loads(lock.read_text(encoding="utf-8"))
        return {shapes.text(package["name"], "name") for package in data["packages"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        msg = f"The lock {lock} cannot be read."
        raise CoreError(msg, context=repr(error), hint="Make a new workspace.") from error


def _without_editors(text: str) -> str:
    requirement = parsed_requirement(text)
    requirement.extras.discard(EDIT_EXTRA)
    return str(requirement)


def usable_lock(project: Project, text: str, folder: Path) -> Path:
    """Write a packl's lock with the addresses of the project's server, for an installer.

    A lock comes with a packl, so only what pipl writes into one is taken from it: names, versions,
    and files with digests in the project's index or its mirror.

    Raises:
        CoreError: The lock cannot be read, or holds anything else.
    """
    document = tomlkit.document()
    packages = tomlkit.aot()
    try:
        data = tomllib.loads(text)
        for key in ("lock-version", "created-by", "requires-python"):
            if key in data:
                document[key] = str(data[key])
        for package in data["packages"]:
            packages.append(tomlkit.item(_checked_package(project, package)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = "The lock cannot be read."
        raise CoreError(msg, context=repr(error), hint="Publish the Task again.") from error
    document["packages"] = packages
    usable = folder / LOCK_NAME
    usable.write_text(tomlkit.dumps(document), encoding="utf-8")
    return usable


def _checked_package(project: Project, package: Mapping[str, Any]) -> dict[str, Any]:
    for key in package.keys() - _KNOWN:
        msg = f"The lock says {key!r} of a package, from which anything could come."
        raise CoreError(msg, hint="Publish the Task again, to lock it anew.")
    name = Requirement(package["name"])
    if name.url or name.specifier or name.extras:
        raise InvalidRequirement(package["name"])
    checked: dict[str, Any] = {"name": name.name, "version": str(Version(package["version"]))}
    checked |= {key: str(package[key]) for key in ("marker", "requires-python") if key in package}
    checked["index"] = project.install_url
    if "wheels" in package:
        checked["wheels"] = [_checked_file(project, file) for file in package["wheels"]]
    if "sdist" in package:
        checked["sdist"] = _checked_file(project, package["sdist"])
    return checked


def _checked_file(project: Project, file: Mapping[str, Any]) -> dict[str, Any]:
    path, digest = str(file["url"]), file["hashes"]["sha256"]
    if not path.startswith(_PLACES) or ".." in path.split("/"):
        msg = f"The lock names {path!r}, which is not a file of the project's server."
        raise CoreError(msg, hint="Publish the Task again, to lock it anew.")
    check_digest(f"sha256:{digest}")
    return {"url": f"{project.address}/{path}", "hashes": {"sha256": digest}}


def hashed_requirements(lock: Path) -> str:
    """Return a usable lock as a file of requirements with digests, as pip takes them.

    A version may have wheels for several platforms; pip takes the one that fits.
    """
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    lines = []
    for package in packages:
        files = [*package.get("wheels", []), package.get("sdist")]
        digests = [f"--hash=sha256:{file['hashes']['sha256']}" for file in files if file]
        lines.append(" ".join([f"{package['name']}=={package['version']}", *digests]))
    return "\n".join(lines) + "\n"
