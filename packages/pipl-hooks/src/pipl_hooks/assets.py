"""References to Assets, and the manifests that they name."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from . import shapes
from .errors import FormatError

FORMAT = 1
"""Version of `assets.json` and of manifests."""

DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
SHAPES = ("file", "folder", "sequence")
LONGEST_PART = 255
"""Bytes of a file's or folder's name; file systems hold no longer ones."""

LONGEST_NAME = 1000
"""Bytes of a file's path inside its Asset; that of the store must fit before it."""

_RELATIVE = (
    "Use relative names without .., of no more than 255 bytes for each folder and file, "
    "and without what Windows does not allow."
)

_OPTIONAL = ("frames", "location", "base_name")
"""Fields of a reference that `assets.json` has where there is something to say."""

_ASSET = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}\Z")
_REVISION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.!+_-]{0,99}\Z")
_WINDOWS_DEVICE = re.compile(
    r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?\Z"
)


@dataclass(frozen=True)
class AssetReference:
    """What a packl holds instead of an Asset's bytes.

    Attributes:
        name: Name of the Asset in its packl.
        type: Name of its Asset type.
        revision: Version of the packl that published it.
        digest: Digest of its manifest.
        size: Bytes of all its files.
        files: How many files it has.
        frames: Frames of a sequence, as `pipl_hooks.Frames` writes them; empty for other shapes.
        location: Folder below the asset store's products where it can be read, or itself where it
            is no single file. As it was when the revision was made; empty where nobody recorded
            it, and the plugins of whoever reads say it.
        base_name: Name of its file there, or of the files of its sequence without their numbers;
            recorded with the location.
    """

    name: str
    type: str
    revision: str
    digest: str
    size: int
    files: int
    frames: str = ""
    location: str = ""
    base_name: str = ""


@dataclass(frozen=True)
class ManifestFile:
    """One file of an Asset.

    Attributes:
        name: Path inside the Asset, with `/` between folders. A file Asset has one file, named by
            its suffix alone (`.usda`), so that its bytes do not depend on what it is called.
        digest: `sha256:` and the hexadecimal digest.
        size: Bytes.
    """

    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """The files of one Asset, in the order of their names.

    Attributes:
        shape: `file`, `folder` or `sequence`.
        files: The files.
    """

    shape: str
    files: tuple[ManifestFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def to_bytes(self) -> bytes:
        """Return the one canonical form, whose digest names the manifest."""
        files = [asdict(file) for file in sorted(self.files, key=lambda file: file.name)]
        data = {"format": FORMAT, "shape": self.shape, "files": files}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    @property
    def digest(self) -> str:
        """Digest of the canonical form."""
        import hashlib

        return "sha256:" + hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read a manifest and check every name and digest in it, since it may come from outside.

        Raises:
            FormatError: It is no manifest, or a name would leave the Asset's folder.
        """
        try:
            plain = json.loads(data)
            if plain["format"] != FORMAT:
                msg = f"Format {plain['format']!r} of a manifest is not known here."
                raise FormatError(msg, hint="Update pipl-hooks in this environment.")
            files = tuple(_manifest_file(fields) for fields in plain["files"])
            manifest = cls(shape=shapes.text(plain["shape"], "shape"), files=files)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = "An Asset's manifest cannot be read."
            raise FormatError(msg, context=repr(error)) from error
        for file in files:
            check_file_name(file.name)
            check_digest(file.digest)
        manifest._check()
        return manifest

    def _check(self) -> None:
        names = {folded(file.name): file.name for file in self.files}
        msg = "An Asset's manifest contradicts itself."
        if self.shape not in SHAPES:
            raise FormatError(msg, context=f"It has the unknown shape {self.shape!r:.100}.")
        if self.shape == "file" and len(self.files) != 1:
            raise FormatError(msg, context=f"A file Asset has one file, not {len(self.files)}.")
        for file in self.files:
            other = names[folded(file.name)]
            if other != file.name:
                context = f"{other!r:.200} and {file.name!r:.200} are one file on some platforms."
                raise FormatError(msg, context=context, hint="Rename one of them.")
        if len(names) != len(self.files):
            raise FormatError(msg, context="It names a file twice.")
        for key, name in names.items():
            folders = {parent.as_posix() for parent in PurePosixPath(key).parents}
            if folders & names.keys():
                context = f"Something above {name!r:.200} is a file, not a folder."
                raise FormatError(msg, context=context)


def check_digest(digest: str) -> str:
    """Return a digest that has the right form.

    Raises:
        FormatError: It does not.
    """
    if not DIGEST.match(digest):
        msg = f"{digest!r:.100} is not a digest."
        raise FormatError(msg, context="A digest is `sha256:` and 64 hexadecimal digits.")
    return digest


def check_file_name(name: str) -> str:
    """Return a name of a file in an Asset that stays inside the Asset on every platform.

    Raises:
        FormatError: The name is absolute, leaves the folder, or cannot exist on Windows.
    """
    if not _stays_inside(name):
        msg = f"{name!r:.200} cannot be the name of a file in an Asset."
        raise FormatError(msg, hint=_RELATIVE)
    return name


def check_location(location: str) -> str:
    """Return an Asset's location that stays inside the asset store on every platform.

    Raises:
        FormatError: It is absolute, leaves the store, or cannot exist on Windows.
    """
    if not _stays_inside(location):
        msg = f"{location!r:.200} cannot be the location of an Asset."
        raise FormatError(msg, hint=_RELATIVE)
    return location


def check_base_name(name: str) -> str:
    """Return a name that an Asset's file can have on every platform.

    Raises:
        FormatError: It is a path, or cannot exist on Windows.
    """
    if "/" in name or not _stays_inside(name):
        msg = f"{name!r:.200} cannot be the name of an Asset's file."
        hint = (
            "Use a name of no more than 255 bytes, without folders and what Windows does not allow."
        )
        raise FormatError(msg, hint=hint)
    return name


def check_asset_name(name: str) -> str:
    """Return a name that an Asset may have: one that a reference to it can hold.

    Raises:
        FormatError: It may not.
    """
    if not _ASSET.match(name) or _WINDOWS_DEVICE.match(name):
        msg = f"{name!r:.150} cannot be the name of an Asset."
        hint = "Use letters, digits and _, starting with a letter; at most 100 characters."
        raise FormatError(msg, hint=hint)
    return name


def references_to_text(references: Iterable[AssetReference]) -> str:
    """Return the text of `assets.json`."""
    assets = [asdict(reference) for reference in sorted(references, key=lambda ref: ref.name)]
    for asset in assets:
        for key in _OPTIONAL:
            if not asset[key]:
                del asset[key]
    return json.dumps({"format": FORMAT, "assets": assets}, indent=2, ensure_ascii=False) + "\n"


def references_from_plain(rows: Iterable[Mapping[str, Any]]) -> list[AssetReference]:
    """Read references that another process handed over, and check every name in them.

    Raises:
        FormatError: One is no reference, or a name in it would leave the store.
    """
    try:
        return [_reference(fields) for fields in rows]
    except (ValueError, KeyError, TypeError) as error:
        msg = "A reference to an Asset cannot be read."
        raise FormatError(msg, context=repr(error)) from error


def references_from_text(text: str) -> dict[str, AssetReference]:
    """Read `assets.json`: references by the name of their Asset.

    Raises:
        FormatError: The text has another format, or a name in it would leave the store.
    """
    try:
        data: Any = json.loads(text)
        if data["format"] != FORMAT:
            msg = f"Format {data['format']!r} of assets.json is not known here."
            raise FormatError(msg, hint="Update pipl-hooks in this environment.")
        references = {}
        for item in data["assets"]:
            reference = _reference(item)
            if reference.name in references:
                msg = f"assets.json has the Asset {reference.name!r} twice."
                raise FormatError(msg, hint="Publish the packl again.")
            references[reference.name] = reference
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        msg = "assets.json cannot be read."
        raise FormatError(msg, context=repr(error)) from error
    return references


def _manifest_file(fields: Mapping[str, Any]) -> ManifestFile:
    name, digest = (shapes.text(fields[key], key) for key in ("name", "digest"))
    return ManifestFile(name, digest, shapes.number(fields["size"], "size"))


def _reference(fields: Mapping[str, Any]) -> AssetReference:
    reference = AssetReference(
        name=shapes.text(fields["name"], "name"),
        type=shapes.text(fields["type"], "type"),
        revision=shapes.text(fields["revision"], "revision"),
        digest=shapes.text(fields["digest"], "digest"),
        size=shapes.number(fields["size"], "size"),
        files=shapes.number(fields["files"], "files"),
        **{key: shapes.text(fields.get(key, ""), key) for key in _OPTIONAL},
    )
    check_asset_name(reference.name)
    check_digest(reference.digest)
    if reference.location:
        check_location(reference.location)
    if reference.base_name:
        check_base_name(reference.base_name)
    if not _REVISION.match(reference.revision):
        msg = f"{reference.revision!r:.100} is no revision of an Asset."
        raise FormatError(msg, hint="A revision is the version of the packl that published it.")
    return reference


def _stays_inside(name: str) -> bool:
    """Tell whether a path with `/` between folders is relative, without .., and fit for Windows."""
    # Long ones first, so that checking anything takes no time. A character has up to 4 bytes.
    parts = name[: LONGEST_NAME + 1].split("/")
    return not (
        not name
        or len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME
        or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART for part in parts)
        or any(not part or part[-1] in ". " or _WINDOWS_DEVICE.match(part) for part in parts)
        or any(char in '\\:*?"<>|' or ord(char) < ord(" ") for char in name)
        # A name that is not UTF-8 on disk: no other platform could write it.
        or any("\ud800" <= char <= "\udfff" for char in name)
    )


def folded(name: str) -> str:
    """Return what two names have in common that are one file on Windows or macOS."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
