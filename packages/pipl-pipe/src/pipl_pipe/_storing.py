"""Puts Assets into the store: checked first, and recorded in the packl that is edited."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import AssetReference, FormatError, PiplError, Problem, numbered_files
from pipl_hooks.assets import check_asset_name, references_to_text
from pipl_hooks.installed import one_line
from pipl_hooks.problems import problems_in

from ._installed import workspace
from ._places import placed
from ._plugins import plugins
from ._services import services
from ._settings import settings
from .errors import PipelineError

if TYPE_CHECKING:
    from ._assets import AssetType
    from ._installed import InstalledPackl

SAVED = "saved"
"""Part of the revision of what was saved, and has not been published."""


def store_asset(
    packl: str, name: str, type_: AssetType, path: Path, revision: str
) -> AssetReference:
    """Check an Asset's bytes, put them into the store and return the reference to them.

    The reference tells the place where the plugins of this environment put it.

    Raises:
        PipelineError: A check found something.
        FormatError: It, or one of its files, has a name that not every platform can hold.
        PiplError: Another Asset has its place there.
    """
    return as_revision(packl, _stored(packl, name, type_, path, revision), revision)


def as_revision(packl: str, reference: AssetReference, revision: str) -> AssetReference:
    """Return the reference to the same bytes as a revision that is made here and now.

    Each revision has a place of its own, for which the plugins of this environment are asked;
    that of an earlier one is no guide.

    Raises:
        PiplError: Another Asset has its place there.
    """
    made = placed(packl, replace(reference, revision=revision, location="", base_name=""))
    services.asset_store.reserve(packl, made)
    return made


def _stored(packl: str, name: str, type_: AssetType, path: Path, revision: str) -> AssetReference:
    check_asset_name(name)
    problems = list(_shape_problems(type_, path)) or _type_problems(type_, path)
    for source, answer in plugins().each("pipl_check_asset", type_name=type_.type_name, path=path):
        problems += problems_in(answer, f"The plugin {source.name} of {source}")
    if problems:
        msg = f"The Asset {name!r} of {packl} is not fit to be published."
        hint = next((problem.hint for problem in problems if problem.hint), None)
        context = "\n".join(problem.message for problem in problems)
        raise PipelineError(msg, context=context, hint=hint)
    manifest = services.asset_store.put(path, type_.shape, type_.suffix)
    frames = ""
    if type_.shape == "sequence":
        frames = str(numbered_files(file.name for file in manifest.files).frames)
    return AssetReference(
        name=name,
        type=type_.type_name,
        revision=revision,
        digest=manifest.digest,
        size=manifest.size,
        files=len(manifest.files),
        frames=frames,
    )


def save_asset(packl: InstalledPackl, name: str, type_: AssetType, path: Path) -> AssetReference:
    """Store an Asset that is edited, and record it in its packl, which must be in edition.

    Until the packl is published, the revision tells that it was not, by its local part
    (PEP 440): what others read under the version alone can never be replaced by a draft.

    Raises:
        PipelineError: The packl is not in edition, there is nothing to store, or a check found
            something; nothing has changed.
    """
    data = _edited_data_folder(packl)
    if not path.exists():
        msg = f"The Asset {name!r} of {packl.name} is not edited here."
        context = f"There is nothing at {path}."
        raise PipelineError(
            msg, context=context, hint="Write it first: `with asset.edit() as path:`."
        )
    stored = _stored(packl.name, name, type_, path, packl.version)
    references = packl.references
    before = references.get(name)
    if before is not None and before.digest == stored.digest:
        return before
    separator = "." if "+" in stored.revision else "+"
    revision = f"{stored.revision}{separator}{SAVED}.{stored.digest.partition(':')[2][:8]}"
    references[name] = saved = as_revision(packl.name, stored, revision)
    _write(data / "assets.json", references_to_text(references.values()))
    return saved


def _edited_data_folder(packl: InstalledPackl) -> Path:
    if not settings().tool:
        msg = "This is a clean environment, in which nothing is edited."
        raise PipelineError(msg, hint="Work in a workspace: `pipl work create NAME`.")
    data = packl.data_folder
    if (workspace() / "packls").resolve() not in data.resolve().parents:
        msg = f"The packl {packl.name} is not in edition in this workspace."
        raise PipelineError(msg, hint=f"Take it into edition: `pipl work edit {packl.name}`.")
    return data


def _type_problems(type_: AssetType, path: Path) -> list[Problem]:
    who = f"The check of the Asset type {type_.type_name!r}"
    try:
        answer = type_.check(path)
    except PiplError:
        raise
    except (Exception, SystemExit) as error:
        hint = "Correct it, or uninstall its packl."
        raise PipelineError(f"{who} failed.", context=one_line(error), hint=hint) from error
    return problems_in(answer, who)


def _shape_problems(type_: AssetType, path: Path) -> Iterable[Problem]:
    if type_.shape != "sequence" or not path.is_dir():
        return ()
    return _sequence_problems(type_, path)


def _sequence_problems(type_: AssetType, folder: Path) -> Iterator[Problem]:
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir()]
    if not names:
        return  # for the store to say, as of a folder
    for name in sorted(names):
        if not name.endswith(type_.suffix):
            yield Problem(f"{name} is no {type_.suffix} file.", "Put nothing beside the frames.")
            return
    try:
        numbered_files(names)
    except FormatError as error:
        yield Problem(f"{error.message} {error.context}", error.hint)


def _write(path: Path, text: str) -> None:
    """Write a file in one step: whoever reads it sees the old text or the new one."""
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        msg = f"{path} could not be written."
        hint = "Check free space and permissions, then do it again."
        raise PipelineError(msg, context=error.strerror or str(error), hint=hint) from error
