"""Constraints of a project: the versions in which it takes a name, wherever anything brings it.

Unlike a requirement, a constraint installs nothing. `numpy<2` means that numpy, if anything brings
it, is below 2; `numpy<0` means that it never comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipl_hooks import normalized_name

from .errors import InstallError
from .requirements import is_plain, parsed_requirement

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    from .installed import InstalledPackls

_HINT = 'For example: "numpy<2", or "numpy<0" for what must never come.'


@dataclass(frozen=True)
class Constraint:
    """A constraint that is in force.

    Attributes:
        name: Name of what it is about, as it was written.
        text: The constraint as it was written, without its marker.
        versions: Versions that it allows.
    """

    name: str
    text: str
    versions: SpecifierSet

    @classmethod
    def from_text(cls, text: str) -> Constraint:
        """Read a constraint.

        Raises:
            InstallError: It is none.
        """
        requirement = parsed_constraint(text)
        return cls(requirement.name, text.partition(";")[0].strip(), requirement.specifier)

    @property
    def forbids(self) -> bool:
        """Whether it allows no version at all."""
        from .version_sets import is_empty

        return is_empty(self.versions)

    def allows(self, name: str, version: str) -> bool:
        """Tell whether a version of something may be there."""
        from .version_sets import contains

        return normalized_name(name) != normalized_name(self.name) or contains(
            self.versions, version
        )

    def __str__(self) -> str:
        """Say it as a sentence without its end."""
        if self.forbids:
            return f"the project allows no {self.name} ({self.text} in pipl.toml)"
        return f"the project allows only {self.text} (pipl.toml)"


def check_constraint(text: str) -> None:
    """Make sure that a text is a constraint, as `check_requirement` does it for requirements.

    Raises:
        InstallError: It is none.
    """
    if not (is_plain(text) and set("<>=!").intersection(text)) or not text.isprintable():
        parsed_constraint(text)


def parsed_constraint(text: str) -> Requirement:
    """Read a constraint: a name and versions, perhaps with a marker.

    Raises:
        InstallError: It is none.
    """
    if not text.isprintable():  # installers read constraints line by line
        msg = f"{text!r:.200} is no constraint, since it is not one line."
        raise InstallError(msg, hint=_HINT)
    requirement = parsed_requirement(text)
    if requirement.extras:
        msg = f"{text!r:.200} is no constraint, since it has extras."
        raise InstallError(msg, hint=_HINT)
    if not requirement.specifier:
        msg = f"{text!r:.200} is no constraint, since it names no versions."
        raise InstallError(msg, hint=_HINT)
    return requirement


def about_others(constraints: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return the constraints that are about none of some names."""
    left_out = {normalized_name(name) for name in names}
    return tuple(
        text
        for text in constraints
        if normalized_name(parsed_constraint(text).name) not in left_out
    )


def in_force(constraints: Iterable[str], installed: InstalledPackls) -> list[Constraint]:
    """Return the constraints that hold in an environment, by their markers."""
    return [
        Constraint.from_text(text)
        for text in constraints
        if installed.applying([parsed_constraint(text)])
    ]
