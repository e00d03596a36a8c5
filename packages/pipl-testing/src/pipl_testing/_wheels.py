"""Wheels without a build, in milliseconds: what only has to be released and installed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import import_name

from ._installed import in_environment

if TYPE_CHECKING:
    from pipl_core import Project

_WHEEL = "Wheel-Version: 1.0\nGenerator: pipl-testing\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def write_wheel(
    folder: Path,
    name: str,
    version: str = "1.0.0",
    *,
    code: str = "",
    requires: Sequence[str] = (),
    headers: Sequence[str] = (),
    entry_points: Mapping[str, Mapping[str, str]] | None = None,
    data: Mapping[str, str] | None = None,
) -> Path:
    """Write a wheel that an installer takes; the same arguments give the same bytes.

    Args:
        folder: Folder to put it into; it is made.
        name: Name of the packl.
        version: Its version.
        code: Its `__init__.py`.
        requires: Its requirements (PEP 508).
        headers: Further lines of its metadata: `Requires-Python: >=3.11`, `Provides-Extra: edit`.
        entry_points: Its entry points, by group and name.
        data: Texts of its `_packl` folder by file name; a `packl.toml` of the kind code where
            there is none among them.
    """
    module = import_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{module}-{version}-py3-none-any.whl"
    with tempfile.TemporaryDirectory(prefix="pipl-testing-") as temporary:
        tree = Path(temporary)
        in_environment(
            tree,
            name,
            code,
            version=version,
            requires=requires,
            entry_points=entry_points,
            data=data,
        )
        info = tree / f"{module}-{version}.dist-info"
        with (info / "METADATA").open("a", encoding="utf-8") as metadata:
            metadata.writelines(f"{line}\n" for line in headers)
        (info / "WHEEL").write_text(_WHEEL, encoding="utf-8")
        _pack(tree, info / "RECORD", target)
    return target


def release_wheel(project: Project, wheel: Path, index: str = "root/PROJ") -> Path:
    """Upload a wheel as the user `ci`, past all checks and stages, and return it.

    Args:
        project: A project whose server runs and is set up.
        wheel: The wheel.
        index: Index to upload to.
    """
    from pipl_core.building import read_wheel

    with contextlib.closing(project.client("ci")) as client:
        client.upload(index, wheel, read_wheel(wheel).metadata)
    return wheel


def _pack(tree: Path, record: Path, target: Path) -> None:
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    lines = []
    for path in files:
        content = path.read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
        name = path.relative_to(tree).as_posix()
        lines.append(f"{name},sha256={digest.decode()},{len(content)}")
    lines.append(f"{record.relative_to(tree).as_posix()},,")
    record.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with zipfile.ZipFile(target, "w") as archive:
        for path in [*files, record]:
            # Without the file's own time, which would change the bytes.
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix())
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
