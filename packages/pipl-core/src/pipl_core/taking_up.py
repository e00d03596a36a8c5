"""Takes released packls back into edition, so that somebody goes on with them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from pipl_hooks.assets import check_file_name
from pipl_hooks.packl import DATA_FOLDER

from ._files import explained
from ._rebuilt import pyproject_text
from .building import wheel_metadata
from .errors import ConflictError, PacklError
from .names import check_packl_name, same_name
from .packl import Packl
from .programs import check_one_task
from .released import released_packl

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .released import ReleasedPackl
    from .workspace import Workspace

PROJECT_FILE = "pyproject.toml"


def take_up(
    workspace: Workspace, requirement: Requirement, progress: Progress = lambda _: None
) -> Packl:
    """Take a released packl into edition in a workspace; its history and its version go on.

    What is not in a wheel, such as tests, does not come back.

    Args:
        workspace: The workspace.
        requirement: Name of the packl, and the versions of which the newest is taken.
        progress: Called with each step.

    Raises:
        ConflictError: The workspace has it in edition already, or has another Task.
        NotFoundError: It has not been released.
        InstallError: It could not be installed; nothing is left of it.
    """
    for packl in workspace.packls:
        if same_name(packl.name, requirement.name):
            msg = f"The workspace {workspace.name} has {packl.name} {packl.version} in edition already."
            raise ConflictError(msg, hint=f"It is at {packl.folder}.")
    progress(f"Fetching {requirement}")
    with released_packl(workspace.project, requirement) as released:
        check_packl_name(released.name)
        if released.info.kind == "task":
            check_one_task(workspace, released.name)
        target = workspace.folder / "packls" / released.module
        if target.exists():
            msg = f"{target} exists already, and is no packl."
            raise ConflictError(msg, hint="Move it away, then do it again.")
        with explained(f"The packl {target} could not be made."):
            folder = Path(tempfile.mkdtemp(dir=workspace.folder, prefix=".edit-"))
            try:
                _unpack(released, folder)
                Packl(folder)
                folder.chmod(target.parent.stat().st_mode)
                folder.rename(target)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    try:
        progress(f"Installing {released.name}")
        workspace.install_edited()
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return Packl(target)


def _unpack(released: ReleasedPackl, folder: Path) -> None:
    """Write the source of a packl as its wheel has it."""
    metadata = wheel_metadata(released.wheel)
    entry_points = ""
    try:
        with zipfile.ZipFile(released.wheel) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                top, _, rest = check_file_name(info.filename).partition("/")
                if top.endswith(".dist-info"):
                    if rest == "entry_points.txt":
                        entry_points = archive.read(info).decode("utf-8")
                    if not rest.startswith("licenses/"):
                        continue
                    path = folder / rest.removeprefix("licenses/")
                else:
                    path = folder / "src" / top / rest
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, ValueError) as error:
        msg = f"The wheel of {released.name} {released.version} cannot be read."
        raise PacklError(msg, context=str(error)) from error
    copy = folder / "src" / released.module / DATA_FOLDER / PROJECT_FILE
    if copy.exists():
        copy.replace(folder / PROJECT_FILE)
    else:
        text = pyproject_text(metadata, entry_points, released.module)
        (folder / PROJECT_FILE).write_text(text, encoding="utf-8")
    readme = folder / _readme(Packl(folder))
    if metadata.get_payload():
        readme.parent.mkdir(parents=True, exist_ok=True)
        readme.write_text(str(metadata.get_payload()), encoding="utf-8", newline="")


def _readme(packl: Packl) -> str:
    """Return the path of the text that describes a packl, as its metadata names it."""
    readme = packl.metadata.get("readme", "README.md")
    path = readme.get("file", "README.md") if isinstance(readme, dict) else readme
    return check_file_name(str(path))
