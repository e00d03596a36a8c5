"""The asset store on a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipl_hooks import Manifest, ManifestFile
from pipl_hooks.assets import check_base_name, check_file_name, check_location

from ._objects import Objects, _explained, digest_of
from ._places import Places
from .errors import AssetStoreError

if TYPE_CHECKING:
    from pipl_hooks import AssetReference


class FolderStore:
    """Keeps Assets in a local or shared folder.

    Args:
        root: Folder of the store; it is made when something is first stored.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.objects = Objects(root)
        self.places = Places(root)

    @property
    def products(self) -> Path:
        """Folder below which every published Asset has its location."""
        return self.root / "products"

    def put(self, source: Path, shape: str, suffix: str = "") -> Manifest:
        """Store the bytes at `source`, and return the manifest that names them.

        Args:
            source: A file, or a folder for the shapes `folder` and `sequence`.
            shape: `file`, `folder` or `sequence`.
            suffix: Suffix of a single file.

        Raises:
            AssetStoreError: There is nothing to store, or it could not be.
        """
        if shape == "file":
            digest, size = self.objects.add_file(_regular(source))
            files = [ManifestFile(suffix or "file", digest, size)]
        else:
            files = []
            for path in _files_below(source):
                name = check_file_name(path.relative_to(source).as_posix())
                digest, size = self.objects.add_file(path)
                files.append(ManifestFile(name, digest, size))
            if not files:
                msg = f"There is nothing to store in {source}."
                raise AssetStoreError(msg, hint="Write the files first.")
        manifest = Manifest.from_bytes(Manifest(shape, tuple(files)).to_bytes())
        self.objects.add_bytes(manifest.to_bytes())
        return manifest

    def take(self, manifest: Manifest, source: Path) -> int:
        """Copy an Asset from where another store has it, and return how many bytes were copied.

        What is here already is not copied again. The copies are this store's own: where the disk
        can share their blocks until one is written to, it does.

        Args:
            manifest: Its files.
            source: Its file, or the folder of its files.

        Raises:
            AssetStoreError: A file is not what the manifest says, or could not be copied.
        """
        copied = 0
        for file in manifest.files:
            if self.objects.holds(file.digest, file.size):
                continue
            path = source if manifest.shape == "file" else source / file.name
            self.objects.take_file(path, file.digest)
            copied += file.size
        self.objects.add_bytes(manifest.to_bytes())
        return copied

    def manifest(self, reference: AssetReference) -> Manifest:
        """Return the manifest that a reference names."""
        return Manifest.from_bytes(self.objects.read_bytes(reference.digest))

    def reserve(self, packl: str, reference: AssetReference) -> None:
        """Keep an Asset's place for this revision; nothing can be read there yet.

        Raises:
            AssetStoreError: Another Asset, or another revision, has its place there.
        """
        place = _place(reference, self.manifest(reference))
        self.places.reserve(place, packl, reference.name, reference.revision)

    def publish(self, packl: str, reference: AssetReference) -> Path:
        """Make a stored Asset readable at its place, and return that path.

        Doing it again changes nothing; other bytes that an earlier, unreleased attempt at this
        revision left there are replaced.

        Raises:
            AssetStoreError: Another Asset, or another revision, has its place there; or it could
                not be made.
        """
        manifest = self.manifest(reference)
        place = _place(reference, manifest)
        self.places.reserve(place, packl, reference.name, reference.revision)
        path = self.products / place
        with _explained(f"{path} could not be made."):
            if manifest.shape == "file":
                self._link(manifest.files[0], path)
            elif path.exists():
                self._fill(manifest, path)
                _remove_others(path, {path / file.name for file in manifest.files})
            else:
                self._make_folder(manifest, path)
        return path

    def path(self, packl: str, reference: AssetReference) -> Path:
        """Return where an Asset can be read.

        It is made readable there when first asked for, and again where other bytes lie there: what
        an earlier attempt left must never be taken for what the reference names.
        """
        try:
            return self.publish(packl, reference)
        except AssetStoreError:
            manifest = self.manifest(reference)
            place = _place(reference, manifest)
            # A store that may only be read, from before its places had owners.
            if self.places.owner(place) is None and self._shows(manifest, self.products / place):
                return self.products / place
            raise

    def verify(self, reference: AssetReference) -> list[str]:
        """Read all bytes of an Asset, and return what is missing or damaged."""
        try:
            manifest = self.manifest(reference)
        except AssetStoreError as error:
            return [error.message]
        found = []
        for file in manifest.files:
            problem = self.objects.problem(file.digest, file.size)
            if problem:
                found.append(f"{file.name}: {problem}")
        return found

    def close(self) -> None:
        """Do nothing: a folder needs no closing."""

    def _make_folder(self, manifest: Manifest, path: Path) -> None:
        # Filled beside its place: who asks for the path sees all files of the Asset, or none.
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            self._fill(manifest, temporary)
            temporary.rename(path)
        except OSError:
            if not path.is_dir():
                raise
            self._fill(manifest, path)  # somebody else made it meanwhile
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _fill(self, manifest: Manifest, folder: Path) -> None:
        for file in manifest.files:
            self._link(file, folder / file.name)

    def _link(self, file: ManifestFile, target: Path) -> None:
        source = self.objects.path(file.digest)
        if not source.is_file():
            raise self.objects.missing(file.digest)
        if self._holds(target, file, source):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{uuid.uuid4().hex}")
        try:
            try:
                os.link(source, temporary)
            except OSError:  # another file system, or one without hard links
                shutil.copyfile(source, temporary)
                temporary.chmod(0o444)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def _shows(self, manifest: Manifest, path: Path) -> bool:
        one = manifest.shape == "file"
        return all(
            self._holds(path if one else path / file.name, file, self.objects.path(file.digest))
            for file in manifest.files
        )

    def _holds(self, target: Path, file: ManifestFile, source: Path) -> bool:
        with contextlib.suppress(FileNotFoundError):
            if target.samefile(source):
                return True
            # A copy, where the disk has no hard links.
            return digest_of(target) == (file.digest, file.size)
        return False


def _place(reference: AssetReference, manifest: Manifest) -> PurePosixPath:
    # Whoever made the reference has checked it; here something is written to it.
    folder = PurePosixPath(check_location(reference.location))
    return folder / check_base_name(reference.base_name) if manifest.shape == "file" else folder


def _regular(path: Path) -> Path:
    if path.is_symlink() or not path.is_file():
        msg = f"{path} is not a regular file."
        raise AssetStoreError(msg, hint="An Asset holds files, not links or devices.")
    return path


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield _regular(path)


def _remove_others(folder: Path, keep: set[Path]) -> None:
    for path in folder.rglob("*"):
        if path not in keep and not path.is_dir():
            path.unlink()
