"""Build a wheel of every distribution, and only of those that changed.

Run it as `python tools/build_wheels.py OUT [NAME...]` where hatchling is installed. The
wheels are built in this process, which takes a few milliseconds each; hatchling writes them
reproducibly, so the same sources always give the same bytes.

`OUT/wheels.json` records the digest of what each wheel was made from::

    {"version": 1, "wheels": {"pipl-hooks": {"wheel": "pipl_hooks-….whl", "digest": "…"}}}
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from distributions import ROOT, Distribution, MetadataError, find_distributions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RECORD = "wheels.json"
RECORD_VERSION = 1
NOT_BUILT_FROM = frozenset({"tests", "changes", "dist"})
"""Folders of a distribution that never reach its wheel."""


class BuildError(Exception):
    """A wheel could not be built."""


@dataclass(frozen=True)
class Built:
    """What became of one distribution.

    Attributes:
        name: The distribution.
        wheel: Its wheel.
        fresh: False when the wheel of an earlier run still fits.
        seconds: How long it took.
    """

    name: str
    wheel: Path
    fresh: bool
    seconds: float


def digest(distribution: Distribution) -> str:
    """Return the digest of everything that a distribution's wheel is made from.

    The version of hatchling counts, its tests and change fragments do not.
    """
    state = hashlib.sha256(version("hatchling").encode())
    for file in _inputs(distribution.folder):
        state.update(f"\0{file.relative_to(distribution.folder).as_posix()}\0".encode())
        state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()


def read_record(out: Path) -> dict[str, dict[str, str]]:
    """Return what `wheels.json` of the output folder says; nothing if it is not usable."""
    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
        if record["version"] != RECORD_VERSION:
            return {}
        wheels: dict[str, dict[str, str]] = record["wheels"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return wheels


def build_wheels(
    out: Path, names: Sequence[str] = (), *, root: Path = ROOT
) -> Iterator[Built | BuildError]:
    """Bring the wheels in a folder up to date.

    Args:
        out: The folder of the wheels, made if needed.
        names: The distributions to build; all of them if empty. When all are built, wheels of
            distributions that are gone are removed too.
        root: The repository's folder.

    Yields:
        For each distribution either what was built or, so that one broken distribution
        hides no other, the error.

    Raises:
        BuildError: A name is not that of a distribution here.
    """
    distributions = {found.name: found for found in find_distributions(root)}
    unknown = [name for name in names if name not in distributions]
    if unknown:
        message = f"no such distribution: {', '.join(unknown)}"
        raise BuildError(message)
    out.mkdir(parents=True, exist_ok=True)
    record = read_record(out)
    for name in names or distributions:
        started = time.perf_counter()
        try:
            wheel, fresh = _bring_up_to_date(distributions[name], out, record)
        except BuildError as error:
            yield error
        else:
            yield Built(name, wheel, fresh, time.perf_counter() - started)
    if not names:
        for gone in record.keys() - distributions.keys():
            (out / record.pop(gone)["wheel"]).unlink(missing_ok=True)
    _write_record(out, record)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="the folder that gets the wheels")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a distribution (default: all)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository")
    arguments = parser.parse_args(argv)
    started, failed = time.perf_counter(), False
    try:
        for result in build_wheels(arguments.out, arguments.names, root=arguments.root):
            if isinstance(result, BuildError):
                failed = True
                print(f"error: {result}", file=sys.stderr)
            else:
                state = "built" if result.fresh else "as it was"
                print(f"{result.name:<18} {result.wheel.name}  {state}  {result.seconds:.2f} s")
    except (BuildError, MetadataError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"all in {time.perf_counter() - started:.2f} s")
    return int(failed)


def _inputs(folder: Path) -> list[Path]:
    """List the files that may end up in a wheel, in a fixed order."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file for file in files if _is_input(file.relative_to(folder)))


def _is_input(relative: Path) -> bool:
    top = relative.parts[0]
    if top in NOT_BUILT_FROM or (top.startswith(".") and len(relative.parts) > 1):
        return False
    return "__pycache__" not in relative.parts


def _bring_up_to_date(
    distribution: Distribution, out: Path, record: dict[str, dict[str, str]]
) -> tuple[Path, bool]:
    now = digest(distribution)
    before = record.get(distribution.name)
    if before and before.get("digest") == now and (out / before["wheel"]).is_file():
        return out / before["wheel"], False
    wheel = _build(distribution, out)
    for stale in out.glob(f"{distribution.import_name}-*.whl"):
        if stale != wheel:
            stale.unlink()
    record[distribution.name] = {"wheel": wheel.name, "digest": now}
    return wheel, True


def _build(distribution: Distribution, out: Path) -> Path:
    """Build one wheel beside the others, and move it there when it is whole."""
    from hatchling.builders.wheel import WheelBuilder

    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as temporary:
        try:
            builder = WheelBuilder(str(distribution.folder))
            (artifact,) = builder.build(directory=temporary, versions=["standard"])
        except (Exception, SystemExit) as error:
            message = f"{distribution.name}: {error}"
            raise BuildError(message) from error
        built = Path(artifact)
        wheel = out / built.name
        built.replace(wheel)
    return wheel


def _write_record(out: Path, record: dict[str, dict[str, str]]) -> None:
    text = json.dumps({"version": RECORD_VERSION, "wheels": dict(sorted(record.items()))}, indent=2)
    temporary = out / f".{RECORD}.{os.getpid()}"
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(out / RECORD)


if __name__ == "__main__":
    sys.exit(main())
