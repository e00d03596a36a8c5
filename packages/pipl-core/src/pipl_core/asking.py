"""Who asks for what in a workspace: its requests, packls in edition, and what they depend on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from pipl_hooks import normalized_name

from .constraints import Constraint, in_force
from .errors import NotFoundError
from .installed import InstalledPackls
from .requirements import EDIT_EXTRA
from .workspace import WORKSPACE_FILE

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    from .packl import Packl
    from .workspace import Workspace


@dataclass(frozen=True)
class Step:
    """Somebody who asks for something.

    Attributes:
        name: Name of the packl that asks, or `workspace.toml`.
        version: Its version; None for `workspace.toml`.
        edited: Whether it is in edition.
        requirement: What it asks for (PEP 508).
    """

    name: str
    version: str | None
    edited: bool
    requirement: str

    def __str__(self) -> str:
        """Say it as a sentence without its end."""
        version = f" {self.version}" if self.version else ""
        edited = " (edited)" if self.edited else ""
        return f"{self.name}{version}{edited} asks for {self.requirement}"


@dataclass(frozen=True)
class Way:
    """How a packl came to be asked for.

    Attributes:
        steps: Who asks for whom, the last of which asks for the packl.
        fits: Whether the installed version is one that the last step asks for.
    """

    steps: tuple[Step, ...]
    fits: bool


@dataclass(frozen=True)
class Why:
    """Why a packl is in a workspace.

    Attributes:
        name: Its normalized name.
        version: Its version there; None where it is not installed.
        edited: Whether it is in edition there.
        ways: All ways to it, the shortest first.
        constraints: What the project allows of it: `the project allows only c_rig<2 (pipl.toml)`.
    """

    name: str
    version: str | None
    edited: bool
    ways: tuple[Way, ...]
    constraints: tuple[str, ...] = ()


def why(workspace: Workspace, name: str) -> Why:
    """Tell who asks for a packl in a workspace, directly or through others.

    Of the ways from one request to one that asks for the packl, only the shortest is told.

    Raises:
        NotFoundError: It is not installed, nobody asks for it, and the project constrains it not.
    """
    asking = Asking(workspace)
    wanted = normalized_name(name)
    version, edited = asking.version(wanted), wanted in asking.edited
    ways = [
        Way(steps, version is None or last.specifier.contains(version, prereleases=True))
        for steps, last in asking.ways(wanted)
    ]
    constraints = tuple(map(str, asking.constraints(wanted)))
    if not ways and version is None and not constraints:
        msg = f"Nobody in the workspace {workspace.name} asks for {name!r:.150}."
        raise NotFoundError(msg, hint="`pipl work list -p .` shows what is installed.")
    ways.sort(key=lambda way: (len(way.steps), [str(step) for step in way.steps]))
    return Why(wanted, version, edited, tuple(ways), constraints)


class Asking:
    """Who asks for what in a workspace.

    Args:
        workspace: The workspace, whose environment stands.
        packls: The packls in edition that count; all where None.
    """

    def __init__(self, workspace: Workspace, packls: Iterable[Packl] | None = None) -> None:
        workspace.environment.check()
        self.installed = InstalledPackls(workspace.environment.folder)
        packls = workspace.packls if packls is None else packls
        self._packls = {normalized_name(packl.name): packl for packl in packls}
        self.edited = frozenset(self._packls)
        self._constraints = in_force(workspace.constraints, self.installed)
        self._roots = [(self._request(text), Requirement(text)) for text in workspace.requirements]
        for packl in self._packls.values():
            # People who edit get the editors, too.
            asked = [*packl.requirements(), *packl.requirements(EDIT_EXTRA)]
            for requirement in self.installed.applying(asked):
                step = Step(packl.name, packl.version, edited=True, requirement=_text(requirement))
                self._roots.append((step, requirement))

    def version(self, name: str) -> str | None:
        """Return a packl's version here; None where it is not installed.

        What is installed in edition keeps the metadata of the day when it was.
        """
        if name in self._packls:
            return self._packls[name].version
        there = self.installed.by_name.get(name)
        return there.version if there else None

    def ways(self, name: str) -> Iterator[tuple[tuple[Step, ...], Requirement]]:
        """Give each way to a packl, with the requirement that asks for it at its end."""
        for step, requirement in self._roots:
            yield from self._ways_from((step,), requirement, name)
        reached = self._reached()
        for other in self.installed.by_name:
            if other not in reached and other not in self.edited and other != name:
                # Left over, or installed by hand: it still is there and asks.
                for step, requirement in self._asked_by(other, ()):
                    if normalized_name(requirement.name) == name:
                        yield (step,), requirement

    def askers(self, name: str) -> list[tuple[Step, SpecifierSet]]:
        """Return who asks for a packl, and for which versions of it, each once."""
        found = {steps[-1]: last.specifier for steps, last in self.ways(name)}
        return sorted(found.items(), key=lambda item: str(item[0]))

    def constraints(self, name: str) -> list[Constraint]:
        """Return the project's constraints of a packl."""
        return [each for each in self._constraints if normalized_name(each.name) == name]

    def below(self, name: str) -> frozenset[str]:
        """Return what an edited or installed packl depends on, directly or through others."""
        if name in self.edited:
            roots = [r for step, r in self._roots if normalized_name(step.name) == name]
        else:
            roots = [requirement for _, requirement in self._asked_by(name, ())]
        return self._reached(roots)

    def _request(self, text: str) -> Step:
        return Step(WORKSPACE_FILE, None, edited=False, requirement=_text(Requirement(text)))

    def _asked_by(self, name: str, extras: Iterable[str]) -> list[tuple[Step, Requirement]]:
        there = self.installed.by_name.get(name)
        if there is None:
            return []
        return [
            (Step(name, there.version, edited=False, requirement=_text(requirement)), requirement)
            for requirement in self.installed.requirements(name, extras)
            if normalized_name(requirement.name) != name
        ]

    def _ways_from(
        self, steps: tuple[Step, ...], requirement: Requirement, name: str
    ) -> Iterator[tuple[tuple[Step, ...], Requirement]]:
        """Give the shortest way from one request to each that asks for a packl."""
        waiting, seen = deque([(steps, requirement)]), set()
        while waiting:
            steps, requirement = waiting.popleft()
            asked = normalized_name(requirement.name)
            if asked == name:
                yield steps, requirement
                continue
            state = asked, frozenset(requirement.extras)
            # What is in edition begins ways of its own.
            if state in seen or asked in self.edited:
                continue
            seen.add(state)
            for step, further in self._asked_by(asked, requirement.extras):
                waiting.append(((*steps, step), further))

    def _reached(self, roots: Iterable[Requirement] | None = None) -> frozenset[str]:
        if roots is None:
            roots = [requirement for _, requirement in self._roots]
        waiting, seen = list(roots), set()
        while waiting:
            requirement = waiting.pop()
            state = normalized_name(requirement.name), frozenset(requirement.extras)
            if state in seen:
                continue
            seen.add(state)
            waiting += [further for _, further in self._asked_by(state[0], state[1])]
        return frozenset(name for name, _ in seen)


def _text(requirement: Requirement) -> str:
    """Write a requirement without its marker, which applies."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"
