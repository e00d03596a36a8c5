"""Content-addressed objects in a folder: each file's bytes once, named by their digest."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipl_hooks.assets import check_digest

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
            target = self.path(digest)
            # One of another size is damaged, and is healed by the right bytes.
            if not target.is_file() or target.stat().st_size != size:
                target.parent.mkdir(parents=True, exist_ok=True)
                incoming.chmod(0o444)
                incoming.replace(target)
                _flush_folder(target.parent)
        finally:
            incoming.unlink(missing_ok=True)
        return digest, size


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
