"""Whose each place in a store is, so that nobody's bytes are replaced by somebody else's."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from pipl_hooks import normalized_name
from pipl_hooks.assets import LONGEST_PART, folded

from ._objects import _explained
from .errors import AssetStoreError

FORMAT = 1
"""Version of the files that say whose a place is."""

MOST_LOOKS = 25
PAUSE = 0.02
"""Seconds between two looks at a file that is still empty."""


@dataclass(frozen=True)
class Owner:
    """The one revision of an Asset that may have its bytes at a place.

    Attributes:
        packl: Normalized name of its packl.
        asset: Name of the Asset.
        revision: The revision.
    """

    packl: str
    asset: str
    revision: str

    def __str__(self) -> str:
        """Name it for people."""
        return f"the Asset {self.asset!r} of {self.packl} {self.revision}"


class Places:
    """The places of a store, and their owners.

    A place is the path of a file, or of a folder with all that is in it. Each has a file with its
    owner below `places/`, at the same path: so the file system sees to it that no place has two
    owners, and that none lies in another.

    Args:
        root: Folder of the store.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "places"
        self._incoming = root / "incoming"

    def reserve(self, place: PurePosixPath, packl: str, asset: str, revision: str) -> None:
        """Make somebody the owner of a place, unless it has another one; again, nothing happens.

        Raises:
            AssetStoreError: It has, or that could not be written down.
        """
        owner = Owner(normalized_name(packl), asset, revision)
        found = self.owner(place)
        if found is None:
            self._write(self._path(place), owner)
            found = self.owner(place)
        if found != owner:
            msg = f"The asset store has no place for {owner}: {place} is taken."
            context = f"It belongs to {found}." if found else "Something else is there."
            hint = (
                "pipl_asset_location and pipl_asset_base_name must put each Asset and each "
                "revision somewhere else; `pipl plugins` tells who answers them."
            )
            raise AssetStoreError(msg, context=context, hint=hint)

    def owner(self, place: PurePosixPath) -> Owner | None:
        """Return whose a place is, wholly or in part; None where it is free.

        Raises:
            AssetStoreError: That cannot be read.
        """
        path = self._path(place)
        with _explained(f"Whose {place} is could not be read."):
            for each in (path, *path.parents):
                if each == self._folder:
                    break
                if each.is_file():
                    return _read(each)
            inside = (each for each in sorted(path.rglob("*")) if each.is_file())
            return next(map(_read, inside), None)

    def _path(self, place: PurePosixPath) -> Path:
        # What is one file on some platforms is one place on all. Such a form may be too long.
        parts = (folded(part) for part in place.parts)
        return self._folder.joinpath(
            *(
                part
                if len(part.encode()) <= LONGEST_PART
                else hashlib.sha256(part.encode()).hexdigest()
                for part in parts
            )
        )

    def _write(self, path: Path, owner: Owner) -> None:
        text = json.dumps({"format": FORMAT, **asdict(owner)}) + "\n"
        with _explained(f"{path} could not be written."):
            self._incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._incoming)
            incoming = Path(name)
            try:
                with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
                incoming.chmod(0o444)
                _give_name(incoming, path)
            finally:
                incoming.unlink(missing_ok=True)


def _give_name(incoming: Path, path: Path) -> None:
    """Put a file where none is yet; where somebody was faster, theirs stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(incoming, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(incoming.read_text(encoding="utf-8"))
    except (FileExistsError, NotADirectoryError):
        pass


def _text(path: Path) -> str:
    for _ in range(MOST_LOOKS):
        text = path.read_text(encoding="utf-8")
        if text:
            return text
        time.sleep(PAUSE)  # where there are no hard links, somebody may just be writing it
    return ""


def _read(path: Path) -> Owner:
    try:
        data = json.loads(_text(path))
        if data.pop("format") == FORMAT:
            return Owner(**data)
        context = "Its format is not known here."
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        context = repr(error)
    msg = f"{path} does not tell whose the place is."
    hint = "Restore it from a backup; or remove it, if nothing was released from there."
    raise AssetStoreError(msg, context=context, hint=hint)
