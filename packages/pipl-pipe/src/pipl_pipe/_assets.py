"""Assets: files too big for a package, and the types that say what they are."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar, overload

from pipl_hooks import (
    AssetReference,
    EntityReference,
    Frames,
    Problem,
    numbered_files,
)

from ._installed import workspace
from ._places import base_name, placed
from ._services import services
from ._storing import save_asset
from ._types import type_named
from .errors import PipelineError

if TYPE_CHECKING:
    from ._products import Product


class AssetType:
    """What kind of file an Asset is.

    Attributes:
        type_name: Unique name of the type.
        shape: `file`, `folder`, or `sequence` (a folder of numbered files).
        suffix: Suffix of its file, or of each file of a sequence.
    """

    type_name: ClassVar[str]
    shape: ClassVar[str] = "file"
    suffix: ClassVar[str] = ""

    def check(self, path: Path) -> Iterable[Problem]:  # noqa: ARG002  for those who derive
        """Return what is wrong with the bytes at `path`; called before they are stored."""
        return ()


class FileAsset(AssetType):
    """Any single file."""

    type_name = "file"


class FolderAsset(AssetType):
    """Any folder."""

    type_name = "folder"
    shape = "folder"


class SequenceAsset(AssetType):
    """Any sequence of numbered files."""

    type_name = "sequence"
    shape = "sequence"


class Asset:
    """Declares an Asset of a Product or Task class, as one of its attributes.

    Args:
        type_name: Name of the Asset's type.
        optional: Whether a release may come without it.
    """

    def __init__(self, type_name: str = "file", *, optional: bool = False) -> None:
        self.type_name = type_name
        self.optional = optional
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the attribute's name."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Asset: ...
    @overload
    def __get__(self, instance: Product, owner: type) -> BoundAsset: ...
    def __get__(self, instance: Product | None, owner: type) -> Asset | BoundAsset:
        """Return the Asset of one packl."""
        return self if instance is None else BoundAsset(instance.packl.module, self, instance)


class BoundAsset:
    """The Asset of one packl, as it is installed here."""

    def __init__(self, packl: str, declared: Asset, owner: Product) -> None:
        self.packl = packl
        self.declared = declared
        self._owner = owner

    @property
    def name(self) -> str:
        """Name of the Asset in its packl."""
        return self.declared.name

    @property
    def type(self) -> AssetType:
        """Its type."""
        cls: type[AssetType] = type_named("asset", self.declared.type_name)
        return cls()

    @property
    def base_name(self) -> str:
        """Name of its file, or of the files of its sequence without their numbers.

        That of the installed revision; before the first, what the plugins say.
        """
        reference = self.reference
        if reference is not None and reference.base_name:
            return reference.base_name
        return base_name(self.packl, self.name, self.type)

    @property
    def reference(self) -> AssetReference | None:
        """Reference to the bytes of the installed revision; None before the first."""
        return self._owner.packl.references.get(self.name)

    @property
    def entity_reference(self) -> EntityReference:
        """Reference that is pinned to the installed revision."""
        return EntityReference(self.packl, self.name, self._required().revision)

    @property
    def location(self) -> PurePosixPath:
        """Where it is below the asset store's folder of products.

        Scenes that refer to it by this path, and have that folder on their search path, can be
        opened wherever the store is mounted. It was recorded when the revision was made, so that
        it is the same in every environment.
        """
        reference = placed(self.packl, self._required())
        folder = PurePosixPath(reference.location)
        return folder / reference.base_name if self.type.shape == "file" else folder

    @property
    def frames(self) -> Frames | None:
        """Frames of the installed revision; None where it is no sequence."""
        reference = self.reference
        return Frames.parse(reference.frames) if reference and reference.frames else None

    def sequence(self) -> str:
        """Return the path of a sequence as fileseq writes it: `…/beauty/sh010.1001-1010#.exr`.

        Raises:
            PipelineError: The packl has no bytes for it yet, or it is no sequence.
        """
        if self.type.shape != "sequence":
            msg = f"The Asset {self.name!r} of {self.packl} is no sequence."
            raise PipelineError(msg, context=f"It has the shape {self.type.shape!r}.")
        folder = self.path()
        return str(folder / str(numbered_files(file.name for file in folder.iterdir())))

    def path(self) -> Path:
        """Return where the installed revision can be read: its file, or the folder of its files.

        Nothing is copied: it is the store's own file, which nobody may write to.

        Raises:
            PipelineError: The packl has no bytes for it yet.
        """
        return services.asset_store.path(self.packl, placed(self.packl, self._required()))

    @property
    def work_path(self) -> Path:
        """Where it is edited in this workspace; there is nothing before the first edit."""
        folder = workspace() / "work" / self.packl / self.name
        if self.type.shape != "file":
            return folder
        # What is edited already goes on under its name, though a plugin names files otherwise now.
        before, now = folder / self.base_name, folder / base_name(self.packl, self.name, self.type)
        return before if before.exists() and not now.exists() else now

    @contextlib.contextmanager
    def edit(self) -> Iterator[Path]:
        """Give a path to write to; `save`, or publishing the packl, makes the next revision of it.

        It starts as a copy of the installed revision, where there is one.
        """
        path = self.work_path
        if not path.exists() and self.reference is not None:
            _copy(self.path(), path)
        folder = path.parent if self.type.shape == "file" else path
        folder.mkdir(parents=True, exist_ok=True)
        yield path

    def save(self) -> AssetReference:
        """Store what is edited now, so that `path` reads it, and record it in the packl.

        The packl must be in edition. Until it is published, the reference's revision is the
        packl's version and a local part: `1.2.0+saved.3f2a1b9c`.

        Raises:
            PipelineError: Nothing is edited, the packl is not in edition, or a check found
                something; nothing has changed.
        """
        return save_asset(self._owner.packl, self.name, self.type, self.work_path)

    def current_path(self) -> Path:
        """Return the edited file where there is one, else the installed revision.

        Only in a workspace; what runs for handlers, such as `export`, asks for `path()`.
        """
        return self.work_path if self.work_path.exists() else self.path()

    def _required(self) -> AssetReference:
        if self.reference is None:
            msg = f"The Asset {self.name!r} of {self.packl} has no bytes yet."
            raise PipelineError(msg, hint="Make it with one of the task's commands.")
        return self.reference


def _copy(source: Path, target: Path) -> None:
    # Copies contents, not modes: what is in the store is read-only, and the copy is to be edited.
    target.parent.mkdir(parents=True, exist_ok=True)
    # Half a copy must never pass for an edited Asset, so the last step gives it its name.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as folder:
        copy = Path(folder) / target.name
        if source.is_dir():
            shutil.copytree(source, copy, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, copy)
        copy.replace(target)
