"""Builds packls into wheels, and reads wheels."""

from __future__ import annotations

import email.parser
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from .errors import PacklError

_HIDDEN = ("PIPL_PASSWORD", "PYTHONPATH", "PYTHONHOME")
"""Variables that a packl's build must not see, or that would bring packages of elsewhere."""

_BUILDER = str(Path(__file__).with_name("_wheel_builder.py"))
_EDITABLE = (
    "from hatchling.build import build_editable; import sys; print(build_editable(sys.argv[1]))"
)


_DAMAGE = (
    *(InvalidWheelFilename, zipfile.BadZipFile, zlib.error),
    *(EOFError, IndexError, NotImplementedError, OSError, RuntimeError, ValueError),
)
"""What reading a file that is no wheel, or half of one, may raise: see `zipfile`."""


@dataclass(frozen=True)
class Wheel:
    """A built packl.

    Attributes:
        path: The file.
        name: Name of the packl, as its metadata writes it.
        version: Its version.
        digest: `sha256:` and the hexadecimal digest of the file.
        metadata: Core metadata by the names of the upload API.
    """

    path: Path
    name: str
    version: str
    digest: str
    metadata: dict[str, str]


def build_wheel(folder: Path, target: Path, *, editable: bool = False) -> Wheel:
    """Build a packl with hatchling; the same content gives the same bytes.

    The wheel has a copy of the packl's `pyproject.toml`, by which it can be edited again. It is
    built in a process of its own, since a packl may bring build hooks, and does not import from
    the packl's folder.

    Args:
        folder: The packl's folder.
        target: Folder for the wheel.
        editable: Build the wheel that only points at the folder (PEP 660).

    Raises:
        PacklError: It cannot be built; the context is hatchling's explanation.
    """
    target.mkdir(parents=True, exist_ok=True)
    script = ["-c", _EDITABLE] if editable else [_BUILDER]
    done = subprocess.run(
        [sys.executable, "-P", *script, str(target.absolute())],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={k: v for k, v in os.environ.items() if k not in _HIDDEN},
    )
    if done.returncode != 0:
        msg = f"The packl in {folder} could not be built."
        lines = done.stderr.strip().splitlines()
        raise PacklError(msg, context="\n".join(lines[-3:]), hint="Correct its pyproject.toml.")
    return read_wheel(target / done.stdout.strip().splitlines()[-1])


def read_wheel(path: Path) -> Wheel:
    """Read a wheel's metadata.

    Raises:
        PacklError: It is no wheel.
    """
    message = wheel_metadata(path)
    _, version, _, _ = parse_wheel_filename(path.name)
    digest = sha256(path.read_bytes()).hexdigest()
    metadata = {
        "metadata_version": message["Metadata-Version"],
        "name": message["Name"],
        "version": str(version),  # hatchling leaves `v003` as a person wrote it
        "summary": message["Summary"] or "",
        "requires_python": message["Requires-Python"] or "",
    }
    return Wheel(path, message["Name"], str(version), f"sha256:{digest}", metadata)


def wheel_metadata(path: Path) -> Message:
    """Return a wheel's core metadata; its payload is the packl's description.

    Raises:
        PacklError: It is no wheel.
    """
    try:
        parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as archive:
            inner = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
            text = archive.read(inner[0]).decode("utf-8")
    except _DAMAGE as error:
        msg = f"{path} is no wheel."
        raise PacklError(msg, context=str(error), hint="Build it again.") from error
    message = email.parser.HeaderParser().parsestr(text)
    if not message["Name"]:
        msg = f"{path} is no wheel."
        raise PacklError(msg, context="Its metadata has no name.", hint="Build it again.")
    return message


def required(wheel: Path) -> list[str]:
    """Return the requirements of a wheel, with those of its extras, as its metadata writes them.

    Raises:
        PacklError: It is no wheel.
    """
    return list(wheel_metadata(wheel).get_all("Requires-Dist", []))
