"""The dependency tree of a packl in its environment, read from what is installed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipl_hooks import normalized_name

from .installed import InstalledPackls

if TYPE_CHECKING:
    from pathlib import Path

    from packaging.requirements import Requirement

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
    children = [
        reader.node(r, frozenset()) for r in reader.installed.applying(packl.requirements())
    ]
    for extra in packl.metadata.get("optional-dependencies", {}):
        found = reader.installed.applying(packl.requirements(extra))
        children += [reader.node(requirement, frozenset(), extra) for requirement in found]
    return TreeNode(packl.name, "", packl.version, fits=True, children=tuple(children))


class _Reader:
    def __init__(self, environment: Path) -> None:
        self.installed = InstalledPackls(environment)
        self._shown: set[tuple[str, frozenset[str]]] = set()

    def node(
        self, requirement: Requirement, above: frozenset[str], extra: str | None = None
    ) -> TreeNode:
        name = normalized_name(requirement.name)
        distribution = self.installed.by_name.get(name)
        asked = str(requirement.specifier)
        if distribution is None:
            return TreeNode(requirement.name, asked, None, fits=False, extra=extra)
        shown = distribution.metadata["Name"]
        fits = requirement.specifier.contains(distribution.version, prereleases=True)
        key = (name, frozenset(requirement.extras))
        repeated = (key in self._shown and bool(distribution.requires)) or name in above
        children: list[TreeNode] = []
        if not repeated:
            self._shown.add(key)
            wanted = self.installed.requirements(name, requirement.extras)
            children = [self.node(inner, above | {name}) for inner in wanted]
        return TreeNode(shown, asked, distribution.version, fits, extra, repeated, tuple(children))
