"""Says in a sentence for people why packls do not go together, from what the installer said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from pipl_hooks import normalized_name

from ._conflict_text import Ask, Facts, facts_in
from .errors import InstallError
from .installers import PLAIN_HINT

YOU = "you"
"""Asks for what was typed in the command itself."""

RUN = "the run"
"""Asks for what a handler installs."""

CHECK = (
    "Check name and version: only what has been released in the project can be installed, "
    "and what its third-party mirror reaches."
)
NOTHING_CHANGED = "Nothing was changed."

_OTHER_SIDE = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}
_OPERATOR = re.compile(r"(===?|~=|!=|<=?|>=?)\s?(.+)")


def explained_conflict(error: InstallError, asked_by: Mapping[str, str]) -> InstallError:
    """Return an installer's error with a sentence as its message, and a hint what to do.

    What the installer said stays the context. An error with words that are not known here is
    returned as it is.

    Args:
        error: The error.
        asked_by: Who asks for each requirement that the installer was given: `workspace.toml`, a
            packl, or `you`.
    """
    explanation = _Explanation(facts_in(error.context or ""), _Requests(asked_by))
    # The installer's own hint may know more, such as that it looked as of a day.
    check = CHECK if error.hint in {None, PLAIN_HINT} else str(error.hint)
    try:
        found = explanation.conflict() or explanation.unavailable(check)
    except ValueError:  # a version that even comparing stumbles over: the error itself must show
        return error
    if found is None:
        return error
    sentence, hint = found
    return InstallError(_capitalized(sentence), context=error.context, hint=_capitalized(hint))


@dataclass(frozen=True)
class _Side:
    """Somebody who asks.

    Attributes:
        who: `you`, `workspace.toml`, `every version of crowd-lib`.
        what: What they ask for.
        versions: Versions of it.
        advice: What could be done on this side.
    """

    who: str
    what: str
    versions: SpecifierSet
    advice: str

    def __str__(self) -> str:
        return f"{_asks(self.who)} for {self.what}"


class _Requests:
    """Who asks for what the installer was given."""

    def __init__(self, asked_by: Mapping[str, str]) -> None:
        self._by_name: dict[str, list[_Side]] = {}
        for text, who in asked_by.items():
            requirement = _requirement(text)
            if requirement is None:
                continue
            name, what = requirement.name, text.partition(";")[0].strip()
            advice = _other(name) if who == YOU else f"widen what {who} asks for of {name}"
            side = _Side(who, what, requirement.specifier, advice)
            self._by_name.setdefault(normalized_name(name), []).append(side)

    def of(self, ask: Ask) -> list[_Side]:
        """Return the requests that the installer means: those of these versions, or all."""
        versions = _specifiers(ask.versions)
        there = self._by_name.get(ask.name, [])
        there = [side for side in there if side.versions == versions] or there
        return there or [_Side(YOU, f"{ask.name}{ask.versions}", versions, _other(ask.name))]


class _Explanation:
    def __init__(self, facts: Facts, requests: _Requests) -> None:
        self._facts = facts
        self._requests = requests

    def conflict(self) -> tuple[str, str] | None:
        """Return sentence and hint where two ask for what cannot be had together."""
        by_name: dict[str, list[Ask]] = {}
        for ask in self._facts.asks:
            by_name.setdefault(ask.name, []).append(ask)
        for asks in by_name.values():
            # Requests of people first: those are what they can change.
            grouped = sorted(
                _grouped(asks), key=lambda ask: (ask.by is not None, not ask.by_versions)
            )
            sides = [side for ask in grouped for side in self._sides(ask)]
            for one, other in itertools.combinations(sides, 2):
                if _are_disjoint(one.versions, other.versions):
                    advice = ", or ".join(dict.fromkeys([other.advice, one.advice]))
                    joined = f"{one} and for {other.what}" if one.who == other.who else None
                    return f"{joined or f'{one}, but {other}'}.", f"{advice}. {NOTHING_CHANGED}"
        return None

    def unavailable(self, check: str) -> tuple[str, str] | None:
        """Return sentence and hint where a version that is asked for cannot be had.

        Args:
            check: Hint for names and versions that do not exist.
        """
        facts = self._facts
        for name in facts.unknown:
            return f"{self._who_asks(name)}, which the project does not have.", check
        for (name, version), reason in facts.yanked.items():
            because = f" ({reason})" if reason else ""
            if self._is_asked_for(name, version):
                what = f"{name} {version} was withdrawn{because}"
                return f"{self._who_asks(name)}, but {what}.", (
                    f"Ask for another version of {name}. {NOTHING_CHANGED}"
                )
        for (name, version), wanted in facts.python_ignored.items():
            if self._is_asked_for(name, version):
                here = f", not {facts.python}" if facts.python else ""
                needs = f"{name} {version} needs Python {wanted}{here}"
                return f"{self._who_asks(name)}, but {needs}.", (
                    "Make a workspace with such a Python, `pipl work create NAME --python`, or ask "
                    f"for another version of {name}. {NOTHING_CHANGED}"
                )
        for name, versions in facts.no_such:
            return f"{self._who_asks(name, versions)}, which does not exist.", check
        for name, versions in facts.only.items():
            if any(ask.name == name for ask in facts.asks):
                there = f"there is only {name}{versions}"
                return f"{self._who_asks(name)}, but {there}.", _candidate(name, versions) or check
        return None

    def _is_asked_for(self, name: str, version: str) -> bool:
        """Tell whether somebody would take a version that cannot be had."""
        asks = [ask for ask in self._facts.asks if ask.name == name]
        return not version or any(_contains(ask.versions, version) for ask in asks)

    def _who_asks(self, name: str, versions: str = "") -> str:
        for ask in self._facts.asks:
            if ask.name == name:
                return str(self._sides(ask)[0])
        return f"somebody asks for {name}{versions}"

    def _sides(self, ask: Ask) -> list[_Side]:
        if ask.by is None:
            return self._requests.of(ask)
        what, origin = f"{ask.name}{ask.versions}", self._origin(ask.by)
        if ask.by_versions == "":
            who = f"every version of {ask.by}"
            advice = f"release a {ask.by} that does not ask for {what}"
        else:
            who = f"{ask.by}{ask.by_versions or ''}".replace("==", " ")
            who = f"each of {who}" if ", " in who else who
            advice = _other(ask.by, ask.by_versions or "")
        return [_Side(f"{who}{origin}", what, _specifiers(ask.versions), advice)]

    def _origin(self, name: str) -> str:
        """Return how a packl comes in: ` (which mid-lib asks for, which you ask for)`."""
        parts, seen = [], set()
        while name not in seen:
            seen.add(name)
            ask = next((ask for ask in self._facts.asks if ask.name == name), None)
            if ask is None:
                break
            if ask.by is None:
                parts.append(f"which {_asks(self._requests.of(ask)[0].who)} for")
                break
            parts.append(f"which {_asks(ask.by)} for")
            name = ask.by
        return f" ({', '.join(parts)})" if parts else ""


def _requirement(text: str) -> Requirement | None:
    """Read what the installer was given: a requirement, or the path of a wheel."""
    try:
        if text.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(Path(text).name)
            return Requirement(f"{name}=={version}")
        return Requirement(text)
    except (InvalidRequirement, InvalidWheelFilename):
        return None


def _grouped(asks: Iterable[Ask]) -> list[Ask]:
    """Join what several versions of one packl ask for alike, as pip names them one by one."""
    found: dict[Ask, list[str | None]] = {}
    for ask in asks:
        found.setdefault(replace(ask, by_versions=""), []).append(ask.by_versions)
    return [replace(ask, by_versions=_joined(versions)) for ask, versions in found.items()]


def _joined(versions: Sequence[str | None]) -> str | None:
    told = list(dict.fromkeys(each for each in versions if each is not None))
    if "" in told:
        return ""
    return ", ".join([*told[:1], *(each.removeprefix("==") for each in told[1:])]) or None


def _asks(who: str) -> str:
    return f"{who} ask" if who == YOU else f"{who} asks"


def _other(name: str, versions: str = "") -> str:
    """Say which versions to ask for instead: on the other side of a range, where it has one."""
    match = _OPERATOR.fullmatch(versions)
    if match and match[1] in _OTHER_SIDE:
        return f"ask for {name}{_OTHER_SIDE[match[1]]}{match[2]}"
    return f"ask for another {name}"


def _candidate(name: str, versions: str) -> str | None:
    """Return the hint for those who could take a candidate."""
    match = _OPERATOR.fullmatch(versions)
    try:
        if match and Version(match[2]).is_prerelease:
            return f"{match[2]} is a release candidate: ask for {name}>={match[2]} to take it."
    except ValueError:
        pass
    return None


def _capitalized(sentence: str) -> str:
    """Begin with a capital, but for what is a name."""
    first = sentence.partition(" ")[0]
    return first.capitalize() + sentence[len(first) :] if first in _WORDS else sentence


_WORDS = frozenset({YOU, "each", "every", "somebody", "ask", "widen", "release"})


def _specifiers(versions: str) -> SpecifierSet:
    try:
        return SpecifierSet(versions)
    except InvalidSpecifier:
        return SpecifierSet()


def _contains(versions: str, version: str) -> bool:
    return _specifiers(versions).contains(version, prereleases=True)


def _are_disjoint(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Tell whether no version is in both; tried with all versions at which either could change."""
    both = [*one, *other]
    named = [_version(each.version) for each in both]
    tried = [Version("0"), *(v for version in named if version for v in _around(version))]
    return not any(
        one.contains(version, prereleases=True) and other.contains(version, prereleases=True)
        for version in tried
    )


def _version(text: str) -> Version | None:
    try:
        return Version(text.removesuffix(".*"))
    except ValueError:  # InvalidVersion, or a number of thousands of digits
        return None


def _around(version: Version) -> Sequence[Version]:
    """Return a version, and those right below and above it."""
    return version, Version(f"{version.base_version}.dev0"), Version(f"{version.base_version}.0.1")
