"""Content-addressed objects in a folder: each file's bytes once, named by their digest."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipl_hooks.assets import check_digest
from pipl_pipe import is_offline

from .errors import AssetStoreError

CHUNK = 1 << 20
"""Bytes read at once: large enough for the disk, small enough for the processor's cache."""


class Objects:
    """The objects of a store.

    Args:
        root: Folder of the store; `objects/` and `incoming/` lie in it.
    """

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._incoming = root / "incoming"

    def path(self, digest: str) -> Path:
        """Return where the object of that digest is, or would be."""
        algorithm, _, value = check_digest(digest).partition(":")
        return self._objects / algorithm / value[:2] / value[2:]

    def __contains__(self, digest: str) -> bool:
        """Tell whether the object is there."""
        return self.path(digest).is_file()

    def add_file(self, source: Path) -> tuple[str, int]:
        """Store a file's bytes; hashes and copies in one pass.

        Returns:
            Digest and bytes.

        Raises:
            AssetStoreError: The file cannot be read, or the store not written.
        """
        with _explained(f"{source} could not be stored."), source.open("rb") as stream:
            return self._add(stream)

    def holds(self, digest: str, size: int) -> bool:
        """Tell whether the object is there, with all of its bytes."""
        path = self.path(digest)
        return path.is_file() and path.stat().st_size == size

    def take_file(self, source: Path, digest: str) -> None:
        """Copy a file whose digest is known already; the copy's own bytes are compared with it.

        Raises:
            AssetStoreError: The file is another one, or could not be copied.
        """
        with _explained(f"{source} could not be copied."):
            self._incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._incoming)
            os.close(handle)
            incoming = Path(name)
            try:
                _copy(source, incoming)
                actual, size = digest_of(incoming)
                if actual != digest:
                    msg = f"{source} is damaged."
                    context = f"It has the digest {actual} instead of {digest}."
                    raise AssetStoreError(msg, context=context, hint="Restore it from a backup.")
                with incoming.open("rb+") as copy:
                    os.fsync(copy.fileno())
                self._place(incoming, digest, size)
            finally:
                incoming.unlink(missing_ok=True)

    def add_bytes(self, data: bytes) -> str:
        """Store bytes, and return their digest."""
        import io

        with _explained("A manifest could not be stored."):
            return self._add(io.BytesIO(data))[0]

    def read_bytes(self, digest: str) -> bytes:
        """Return the bytes of a small object, such as a manifest, and check them.

        Raises:
            AssetStoreError: It is not there, or damaged.
        """
        try:
            with _explained("An object of the asset store could not be read."):
                data = self.path(digest).read_bytes()
        except AssetStoreError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise self.missing(digest) from None
            raise
        if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            msg = f"The object {digest} of the asset store is damaged."
            raise AssetStoreError(
                msg, context=str(self.path(digest)), hint="Restore it from a backup."
            )
        return data

    def problem(self, digest: str, size: int) -> str | None:
        """Read an object, and return what is wrong with it, if anything."""
        path = self.path(digest)
        try:
            with path.open("rb") as stream:
                actual, read = _hashed(stream)
        except FileNotFoundError:
            return f"{digest} is missing"
        except OSError as error:
            return f"{digest} cannot be read: {error.strerror}"
        if actual != digest or read != size:
            return f"{digest} is damaged: {read} bytes with the digest {actual}"
        return None

    def missing(self, digest: str) -> AssetStoreError:
        """Make the error for an object that is not there."""
        msg = f"The asset store has no object {digest}."
        hint = "Check that the project's asset store is the right one, and that it is mounted."
        if is_offline():
            hint = (
                "The workspace is offline; `pipl work online`, then `pipl work offline`, brings it."
            )
        return AssetStoreError(msg, context=str(self.path(digest)), hint=hint)

    def _add(self, stream: BinaryIO) -> tuple[str, int]:
        self._incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy:
                digest, size = _hashed(stream, copy)
                copy.flush()
                os.fsync(copy.fileno())
            self._place(incoming, digest, size)
        finally:
            incoming.unlink(missing_ok=True)
        return digest, size

    def _place(self, incoming: Path, digest: str, size: int) -> None:
        # One of another size is damaged, and is healed by the right bytes.
        if not self.holds(digest, size):
            target = self.path(digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            incoming.chmod(0o444)
            incoming.replace(target)
            _flush_folder(target.parent)


def _copy(source: Path, target: Path) -> None:
    """Copy a file's bytes; in the kernel where that can, which shares blocks on some disks."""
    copy = getattr(os, "copy_file_range", None)  # Linux alone has it
    if copy is not None:
        with contextlib.suppress(OSError), source.open("rb") as old, target.open("wb") as new:
            while copy(old.fileno(), new.fileno(), CHUNK * 64):
                pass
            if new.seek(0, os.SEEK_END) == os.fstat(old.fileno()).st_size:
                return
    shutil.copyfile(source, target)


def digest_of(path: Path) -> tuple[str, int]:
    """Return digest and bytes of a file."""
    with path.open("rb") as stream:
        return _hashed(stream)


def _hashed(stream: BinaryIO, copy: BinaryIO | None = None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while True:
        chunk = stream.read(CHUNK)
        if not chunk:
            return f"sha256:{digest.hexdigest()}", size
        digest.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle of a folder to flush
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(message: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        context = f"{error.strerror or error}{where}"
        hint = "Nothing was lost. Check free space, permissions and the mount, then do it again."
        raise AssetStoreError(message, context=context, hint=hint) from error
