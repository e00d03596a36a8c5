"""What an installed packl carries: its version and its `_packl` folder."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Callable, TypeVar

from pipl_hooks import AssetReference, FormatError, PacklInfo, normalized_name
from pipl_hooks.assets import references_from_text
from pipl_hooks.installed import distribution
from pipl_hooks.packl import DATA_FOLDER

from ._settings import environment_folder
from .errors import PipelineError

_T = TypeVar("_T")


@dataclass(frozen=True)
class InstalledPackl:
    """A packl in this environment.

    Attributes:
        module: Its import name, by which pipl names it on disk, too.
    """

    module: str

    @property
    def name(self) -> str:
        """Name of the packl."""
        return self.module

    @property
    def version(self) -> str:
        """Version of the packl.

        Raises:
            PipelineError: It is not installed.
        """
        found = distribution(self.module)
        if found is None:
            msg = f"The packl {self.module} is not installed in this environment."
            raise PipelineError(msg, hint=f"pipl work install {self.module}")
        return found.version

    @property
    def data_folder(self) -> Path:
        """Its `_packl` folder; found without importing the packl."""
        spec = util.find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            msg = f"The packl {self.module} has no import package {self.module!r}."
            raise PipelineError(msg, hint="pipl packl show tells what its wheel holds.")
        return Path(next(iter(spec.submodule_search_locations))) / DATA_FOLDER

    @property
    def info(self) -> PacklInfo:
        """What its `packl.toml` says."""
        return _info(self.data_folder / "packl.toml")

    @property
    def references(self) -> dict[str, AssetReference]:
        """Its references to Assets, by name; read anew each time, since publishing changes them."""
        path = self.data_folder / "assets.json"
        if not path.is_file():
            return {}
        return _parsed(path, references_from_text)


@functools.cache
def _info(path: Path) -> PacklInfo:
    try:
        return _parsed(path, PacklInfo.from_text)
    except FileNotFoundError:
        msg = f"{path} is missing."
        raise PipelineError(msg, hint="Make packls with `pipl packl create`.") from None


def _parsed(path: Path, parse: Callable[[str], _T]) -> _T:
    """Read a file of a packl; the error tells which one it is, since an environment has many."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        msg = f"{path.name} is no UTF-8."
        raise FormatError(msg, context=f"{path}: {error}", hint="Restore it.") from error
    except FormatError as error:
        context = f"{path}: {error.context or error.message}"
        raise FormatError(error.message, context=context, hint=error.hint) from error


def dependency_order(names: Iterable[str]) -> list[str]:
    """Return packls and all that they require, each after what it requires itself.

    Extras count only as far as somebody asked for them, and what is not installed is left out.

    Args:
        names: Names of installed packls.

    Returns:
        Normalized names.
    """
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        if distribution(name) is None:
            return
        for required in _required_by(name):
            visit(required)
        order.append(name)

    for name in sorted(map(normalized_name, names)):
        visit(name)
    return order


def in_dependency_order(names: Iterable[str]) -> list[str]:
    """Return packls so that each comes after those of them that it requires, directly or not.

    Where that leaves a choice, and in a circle, the order is that of their names.

    Args:
        names: Names of installed packls.

    Returns:
        The same packls, by their normalized names.
    """
    left = sorted(set(map(normalized_name, names)))
    requires = {name: set(dependency_order([name])) - {name} for name in left}
    order = []
    while left:
        ready = (name for name in left if not requires[name].intersection(left))
        order.append(next(ready, left[0]))
        left.remove(order[-1])
    return order


def _required_by(name: str) -> list[str]:
    """List the normalized names of what a packl requires here."""
    from packaging.requirements import Requirement  # slow to import, and seldom needed

    found = distribution(name)
    requires = [Requirement(each) for each in sorted(found.requires)] if found else []
    return [
        normalized_name(each.name)
        for each in requires
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]


def workspace() -> Path:
    """Return the folder of the workspace whose environment the packls come from.

    Raises:
        PipelineError: It is not the environment of a workspace.
    """
    folder = environment_folder().parent
    if not (folder / "workspace.toml").is_file():
        msg = "This Python does not run in a workspace."
        context = f"{folder} has no workspace.toml."
        raise PipelineError(msg, context=context, hint="Enter one with `pipl work shell`.")
    return folder
