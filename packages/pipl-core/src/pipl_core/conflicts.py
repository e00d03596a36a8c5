"""Says in a sentence for people why packls do not go together, from what the installer said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from pipl_hooks import normalized_name

from ._conflict_text import Ask, Facts, facts_in
from .constraints import Constraint
from .errors import InstallError
from .installers import PLAIN_HINT
from .version_sets import are_disjoint, are_same, contains, is_within, specifiers

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


def explained_conflict(
    error: InstallError, asked_by: Mapping[str, str], constraints: Iterable[str] = ()
) -> InstallError:
    """Return an installer's error with a sentence as its message, and a hint what to do.

    What the installer said stays the context. An error with words that are not known here is
    returned as it is.

    Args:
        error: The error.
        asked_by: Who asks for each requirement that the installer was given: `workspace.toml`, a
            packl, or `you`.
        constraints: The project's constraints that the installer was given.
    """
    facts, requests = facts_in(error.context or ""), _Requests(asked_by)
    explanation = _Explanation(facts, requests, map(Constraint.from_text, constraints))
    # The installer's own hint may know more, such as that it looked as of a day.
    check = CHECK if error.hint in {None, PLAIN_HINT} else str(error.hint)
    try:
        found = explanation.conflict() or explanation.forbidden() or explanation.unavailable(check)
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


@dataclass(frozen=True)
class _ProjectSide(_Side):
    """The project, which constrains what others ask for."""

    def __str__(self) -> str:
        return self.what


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

    def name(self, name: str) -> bool:
        """Tell whether there is a request of any versions."""
        return name in self._by_name

    def has(self, ask: Ask) -> bool:
        """Tell whether there is a request of just these versions."""
        versions = specifiers(ask.versions)
        return any(are_same(side.versions, versions) for side in self._by_name.get(ask.name, []))

    def of(self, ask: Ask) -> list[_Side]:
        """Return the requests that the installer means: those of these versions, or all."""
        versions = specifiers(ask.versions)
        there = self._by_name.get(ask.name, [])
        there = [side for side in there if side.versions == versions] or there
        return there or [_Side(YOU, f"{ask.name}{ask.versions}", versions, _other(ask.name))]


class _Explanation:
    def __init__(
        self, facts: Facts, requests: _Requests, constraints: Iterable[Constraint]
    ) -> None:
        self._facts = facts
        self._requests = requests
        self._constraints: dict[str, list[Constraint]] = {}
        for each in constraints:
            self._constraints.setdefault(normalized_name(each.name), []).append(each)

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
            sides.sort(key=lambda side: not isinstance(side, _ProjectSide))
            for one, other in itertools.combinations(sides, 2):
                if are_disjoint(one.versions, other.versions):
                    advice = ", or ".join(dict.fromkeys([other.advice, one.advice]))
                    same = one.who == other.who and not isinstance(one, _ProjectSide)
                    joined = f"{one} and for {other.what}" if same else None
                    return f"{joined or f'{one}, but {other}'}.", f"{advice}. {NOTHING_CHANGED}"
        return None

    def forbidden(self) -> tuple[str, str] | None:
        """Return sentence and hint where somebody asks for what the project never takes.

        Of such a packl uv tells only the constraint, as if it were what the other one asks for.
        """
        for ask in self._facts.asks:
            constraint = self._constraint(ask)
            if constraint and constraint.forbids:
                side = self._askers(replace(ask, versions=""))[0]
                advice = side.advice if ask.by else f"do without {constraint.name}"
                advice = f"{advice}, or {_loosen(constraint)}. {NOTHING_CHANGED}"
                return f"{constraint}, but {_asks(side.who)} for it.", advice
        return None

    def unavailable(self, check: str) -> tuple[str, str] | None:
        """Return sentence and hint where a version that is asked for cannot be had.

        Args:
            check: Hint for names and versions that do not exist.
        """
        facts = self._facts
        for name in facts.unknown:
            return f"{self._who_asks(name, ours=False)}, which the project does not have.", check
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
        return self._outside(check)

    def _outside(self, check: str) -> tuple[str, str] | None:
        """Return sentence and hint where nothing released is among the versions asked for."""
        facts = self._facts
        for name in (*facts.none_fits, *facts.only):
            found = self._not_both(name)
            if found:
                return found
        constrained = [(name, "") for name in facts.none_fits if name in self._constraints]
        for name, versions in (*facts.no_such, *constrained):
            return f"{self._who_asks(name, versions)}, which does not exist.", check
        for name, versions in facts.only.items():
            if any(ask.name == name for ask in facts.asks):
                there = f"there is only {name}{versions}"
                return f"{self._who_asks(name)}, but {there}.", _candidate(name, versions) or check
        return None

    def _not_both(self, name: str) -> tuple[str, str] | None:
        """Return sentence and hint where the project allows none of what somebody asks for."""
        asks = [ask for ask in self._facts.asks if ask.name == name]
        constraint = next(filter(None, map(self._constraint, asks)), None)
        others = [ask for ask in asks if ask.versions and self._constraint(ask) is None]
        if constraint is None or not others:
            return None
        side = self._sides(others[0])[0]
        advice = f"{side.advice}, or {_loosen(constraint)}. {NOTHING_CHANGED}"
        return f"{constraint}, and {side}: nothing that was released is both.", advice

    def _is_asked_for(self, name: str, version: str) -> bool:
        """Tell whether somebody would take a version that cannot be had."""
        asks = [ask for ask in self._facts.asks if ask.name == name]
        return not version or any(contains(specifiers(ask.versions), version) for ask in asks)

    def _who_asks(self, name: str, versions: str = "", *, ours: bool = True) -> str:
        """Say who asks for a packl, or which of the project's constraints is about it.

        Args:
            name: Its normalized name.
            versions: Versions that are asked for.
            ours: Whether the project's constraints count.
        """
        asks = [ask for ask in self._facts.asks if ask.name == name]
        asks.sort(key=lambda ask: (self._constraint(ask) is None) is ours)
        for ask in asks:
            return str(self._sides(ask)[0])
        return f"somebody asks for {name}{versions}"

    def _constraint(self, ask: Ask) -> Constraint | None:
        """Return the constraint that is meant: installers mix it with what packls ask for.

        uv may tell of it no more than matters: of `!=2.0` only `<2.0`, where 2.0 is the newest.
        """
        versions = specifiers(ask.versions)
        there = self._constraints.get(ask.name, [])
        there = [*there, _together(there)] if len(there) > 1 else there
        for each in there:
            if are_same(each.versions, versions):
                return each
        return next(
            (c for c in there if is_within(versions, c.versions) and self._is_beside(ask, c)), None
        )

    def _is_beside(self, ask: Ask, constraint: Constraint) -> bool:
        """Tell whether an ask comes beside what its asker asks for otherwise."""
        if not ask.versions:
            return False
        if ask.by is None:
            return not self._requests.has(ask)
        others = [
            specifiers(other.versions)
            for other in self._facts.asks
            if (other.name, other.by) == (ask.name, ask.by) and other.versions != ask.versions
        ]
        return any(not is_within(other, constraint.versions) for other in others)

    def _sides(self, ask: Ask) -> list[_Side]:
        constraint = self._constraint(ask)
        if constraint:
            what, versions = str(constraint), constraint.versions
            return [_ProjectSide("", what, versions, _loosen(constraint))]
        return self._askers(ask)

    def _askers(self, ask: Ask) -> list[_Side]:
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
        return [_Side(f"{who}{origin}", what, specifiers(ask.versions), advice)]

    def _origin(self, name: str) -> str:
        """Return how a packl comes in: ` (which mid-lib asks for, which you ask for)`."""
        parts, seen = [], set()
        while name not in seen:
            seen.add(name)
            ask = next((ask for ask in self._facts.asks if ask.name == name), None)
            if ask is None:
                break
            if ask.by is None and self._constraint(ask) and not self._requests.name(name):
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


def _together(constraints: Sequence[Constraint]) -> Constraint:
    """Return all constraints of one name as one, as pip tells of them."""
    versions = constraints[0].versions
    for each in constraints[1:]:
        versions &= each.versions
    text = " and ".join(each.text for each in constraints)
    return Constraint(constraints[0].name, text, versions)


def _loosen(constraint: Constraint) -> str:
    return f"loosen {constraint.text} in pipl.toml"


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


_WORDS = frozenset(
    {YOU, "each", "every", "the", "somebody", "ask", "do", "loosen", "widen", "release"}
)
