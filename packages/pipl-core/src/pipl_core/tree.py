"""The dependency tree of a packl in its environment, read from what is installed there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from typing import TYPE_CHECKING

from packaging.markers import default_environment
from packaging.requirements import Requirement

from pipl_hooks import normalized_name

if TYPE_CHECKING:
    from pathlib import Path

    from .packl import Packl
    from .workspace import Workspace


@dataclass(frozen=True)
class TreeNode:
    """One dependency, and what it depends on itself.

    Attributes:
        name: Name of the packl or package.
        requirement: Versions that are asked for; empty where any will do.
        version: Installed version; None where it is not installed.
        fits: Whether the installed version is one that is asked for.
        extra: Extra of the packl that asks for it; None for what it always needs.
        repeated: Whether what it depends on is shown at an earlier place.
        children: What it depends on.
    """

    name: str
    requirement: str
    version: str | None
    fits: bool
    extra: str | None = None
    repeated: bool = False
    children: tuple[TreeNode, ...] = ()


def dependency_tree(packl: Packl, workspace: Workspace) -> TreeNode:
    """Return what a packl depends on, and what that depends on.

    Args:
        packl: The packl; what it asks for is read from its `pyproject.toml`.
        workspace: The workspace in which it is edited.

    Raises:
        PacklError: A requirement of the packl cannot be read.
    """
    reader = _Reader(workspace.environment.folder)
    children = [reader.node(r, frozenset()) for r in reader.wanted(packl.requirements())]
    for extra in packl.metadata.get("optional-dependencies", {}):
        found = reader.wanted(packl.requirements(extra))
        children += [reader.node(requirement, frozenset(), extra) for requirement in found]
    return TreeNode(packl.name, "", packl.version, fits=True, children=tuple(children))


class _Reader:
    def __init__(self, environment: Path) -> None:
        folders = [str(path) for path in environment.glob("[Ll]ib*/**/site-packages")]
        self._installed: dict[str, Distribution] = {}
        for distribution in distributions(path=folders):
            name = distribution.metadata["Name"]
            if name:  # what is half uninstalled has none
                self._installed.setdefault(normalized_name(name), distribution)
        self._shown: set[tuple[str, frozenset[str]]] = set()
        self._markers: dict[str, str] = {**default_environment(), **_python(environment)}  # type: ignore[dict-item]

    def node(
        self, requirement: Requirement, above: frozenset[str], extra: str | None = None
    ) -> TreeNode:
        name = normalized_name(requirement.name)
        distribution = self._installed.get(name)
        asked = str(requirement.specifier)
        if distribution is None:
            return TreeNode(requirement.name, asked, None, fits=False, extra=extra)
        shown = distribution.metadata["Name"]
        fits = requirement.specifier.contains(distribution.version, prereleases=True)
        key = (name, frozenset(requirement.extras))
        texts = distribution.requires or []
        repeated = (key in self._shown and bool(texts)) or name in above
        children: list[TreeNode] = []
        if not repeated:
            self._shown.add(key)
            wanted = self.wanted(_read(texts), requirement.extras)
            children = [self.node(inner, above | {name}) for inner in wanted]
        return TreeNode(shown, asked, distribution.version, fits, extra, repeated, tuple(children))

    def wanted(
        self, requirements: Iterable[Requirement], extras: Iterable[str] = ()
    ) -> list[Requirement]:
        """Leave out what another platform, Python or extra asks for."""
        return [r for r in requirements if self._applies(r, ("", *extras))]

    def _applies(self, requirement: Requirement, extras: Iterable[str]) -> bool:
        marker = requirement.marker
        if marker is None:
            return True
        return any(marker.evaluate({**self._markers, "extra": extra}) for extra in extras)


def _read(texts: Iterable[str]) -> list[Requirement]:
    found = []
    for text in texts:
        try:
            found.append(Requirement(text))
        except (
            ValueError,
            RecursionError,
        ):  # old packages from elsewhere; installers skip these, too
            continue
    return found


def _python(environment: Path) -> dict[str, str]:
    """Return the markers for the environment's own Python, from `pyvenv.cfg`."""
    try:
        text = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return {}
    values = dict(line.partition("=")[::2] for line in text.splitlines())
    version = {key.strip(): value.strip() for key, value in values.items()}.get("version_info", "")
    numbers = version.split(".")[:3]
    if len(numbers) < 2:  # noqa: PLR2004  major and minor
        return {}
    return {"python_version": ".".join(numbers[:2]), "python_full_version": ".".join(numbers)}
