"""Files that are never seen half-written."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .errors import CoreError

PRIVATE = 0o600


def write_text(path: Path, text: str, mode: int | None = None) -> None:
    """Write a file in one step: whoever reads it sees the old text or the new one.

    Args:
        path: The file; its folder is made.
        text: Its whole text.
        mode: Permissions; those of the old file, or the usual ones, where None.

    Raises:
        CoreError: The disk is full, or the folder not writable; the old file stands.
    """
    write_together({path: text}, mode)


def write_together(texts: Mapping[Path, str], mode: int | None = None) -> None:
    """Write several files so that all of them change, or none.

    Raises:
        CoreError: One could not be written; all old files stand, and no new folder.
    """
    new_folders = _missing(path.parent for path in texts)
    staged: dict[Path, Path] = {}
    replaced: dict[Path, bytes | None] = {}
    try:
        for path, text in texts.items():
            staged[path] = _staged(path, text, mode)
        for path, temporary in staged.items():
            before = path.read_bytes() if path.exists() else None
            temporary.replace(path)
            replaced[path] = before
    except (OSError, UnicodeEncodeError) as error:
        for path, before in replaced.items():
            _restore(path, before)
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
        _remove_empty(new_folders)
        names = ", ".join(str(path) for path in texts)
        msg = f"{names} could not be written."
        if isinstance(error, OSError):
            context = _reason(error)
            hint = "Nothing has changed. Check free space and permissions, then do it again."
        else:  # a name or an argument that was no UTF-8
            context = f"{error.object[error.start : error.end]!r:.100} is no character."
            hint = "Nothing has changed. Use names and texts that are UTF-8."
        raise CoreError(msg, context=context, hint=hint) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def making(*folders: Path) -> Iterator[None]:
    """Make folders that must not be there yet; when something fails, all of it is removed again.

    Raises:
        FileExistsError: One is there.
    """
    above = _missing(folder.parent for folder in folders)
    made = []
    try:
        for folder in folders:
            folder.mkdir(parents=True)
            made.append(folder)
        yield
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        _remove_empty(above)
        raise


def _missing(folders: Iterable[Path]) -> list[Path]:
    """Return which folders, and folders above them, are not there, the lowest first."""
    found = {each for folder in folders for each in (folder, *folder.parents) if not each.exists()}
    return sorted(found, key=lambda folder: -len(folder.parts))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # it was never made, or somebody uses it already
            folder.rmdir()


def _staged(path: Path, text: str, mode: int | None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is None:
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_UMASK
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _restore(path: Path, before: bytes | None) -> None:
    with contextlib.suppress(OSError):
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def _reason(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _read_umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


# It can only be read by setting it, which is not for several threads at once.
_UMASK = _read_umask()


@contextlib.contextmanager
def explained(message: str) -> Iterator[None]:
    """Turn an error of the file system into one that says what to do.

    Raises:
        CoreError: The file system refused.
    """
    try:
        yield
    except OSError as error:
        context = _reason(error)
        hint = "Check free space and permissions, then do it again."
        raise CoreError(message, context=context, hint=hint) from error
