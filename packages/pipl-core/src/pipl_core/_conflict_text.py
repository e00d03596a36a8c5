"""What uv and pip say when packls do not go together, read as plain facts.

Read against the words of uv 0.8 to 0.13 (`PubGrubReportFormatter` in its resolver) and pip 24 to
26 (`Factory.get_installation_error`). Only premises are read, never what is concluded from them; a
sentence with other words gives no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement

from pipl_hooks import normalized_name

PYTHON = "python"


@dataclass(frozen=True)
class Ask:
    """A requirement that the installer names.

    Attributes:
        name: Normalized name of what is asked for.
        versions: Versions that are asked for; empty where any will do.
        by: Normalized name of the packl that asks; None for whoever called the installer.
        by_versions: Its versions that ask so; empty for all, None where that is not told.
    """

    name: str
    versions: str = ""
    by: str | None = None
    by_versions: str | None = ""


@dataclass
class Facts:
    """What the installer says.

    Attributes:
        asks: Who asks for what.
        only: Versions that there are, by name.
        no_such: Versions that do not exist: name and versions.
        none_fits: Names of which no version is one that everybody asks for.
        unknown: Names that the index does not have.
        yanked: Reasons, by name and version.
        python: Version of the Python at hand, where it does not do.
        python_ignored: Which Pythons versions need that were left out, by name and version.
    """

    asks: list[Ask] = field(default_factory=list)
    only: dict[str, str] = field(default_factory=dict)
    no_such: list[tuple[str, str]] = field(default_factory=list)
    none_fits: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    yanked: dict[tuple[str, str], str] = field(default_factory=dict)
    python: str = ""
    python_ignored: dict[tuple[str, str], str] = field(default_factory=dict)


def facts_in(text: str) -> Facts:
    """Read an installer's explanation; without any fact where it has other words."""
    facts = Facts()
    for premise in _premises(text):
        _read_premise(premise, facts)
    for match in _NOTHING.finditer(" ".join(text.split())):
        facts.asks += _asks(match, None, "")
    if "ERROR:" in text:
        _read_pip(text, facts)
    return facts


# -- uv -------------------------------------------------------------------------------------------

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[^\]]*\])?"
_ONE = r"(?:===?|~=|!=|<=?|>=?)\s?[^\s,]+"
_VERSIONS = rf"{_ONE}(?:,\s?{_ONE})*"
_END = r"(?=,|\.?$| and )"
_WHAT = (
    rf"(?P<n>{_NAME})(?P<v>{_VERSIONS})?(?: and (?P<n2>{_NAME})(?P<v2>{_VERSIONS})?{_END})?{_END}"
)

_REQUIRES = re.compile(rf"you require (?:both )?{_WHAT}")
_NOTHING = re.compile(rf"cause: you require {_WHAT}, which does not allow any versions")
_DEPENDS = re.compile(
    rf"(?:all versions of (?P<all>{_NAME})|(?P<by>{_NAME})(?P<bv>{_VERSIONS})?)"
    rf" depends? on (?:both )?{_WHAT}"
)
_CHOICE = re.compile(rf"(?P<n>{_NAME})(?P<v>{_VERSIONS})(?= |$)")
_ONE_OF = re.compile(rf"one of:(?: {_NAME}{_VERSIONS}(?= |$))+")
_ONLY_THESE = re.compile(
    rf"only the following versions of (?P<n>{_NAME}) are available:(?P<v>(?: {_NAME}==\S+)+)"
)
_ONLY = re.compile(rf"only (?P<n>{_NAME})(?P<v>{_VERSIONS})? is available")
_NO_SUCH = re.compile(rf"there (?:is|are) no versions? of (?P<n>{_NAME})(?P<v>{_VERSIONS})?{_END}")
_UNKNOWN = re.compile(rf"(?P<n>{_NAME}) was not found in the package registry")
_YANKED = re.compile(
    rf"(?P<n>{_NAME})==(?P<v>\S+) was yanked(?: \(reason: (?P<reason>.*?)\))?{_END}"
)
_PYTHON = re.compile(
    rf"the (?:current|requested) Python version \((?P<v>[^)]+)\) does not satisfy Python{_VERSIONS}"
)


def _premises(text: str) -> Iterator[str]:
    """Give what comes between each `Because` and what is concluded from it, in one line each."""
    # Older versions of uv draw a line beside the text, and break it to the width of a terminal.
    plain = " ".join(re.sub(r"[│╰─▶├]", " ", text).split())
    plain = _ONE_OF.sub(_joined_alternatives, plain)
    for sentence in re.split(r"(?:\bAnd because|\bBecause) ", plain)[1:]:
        premise, *concluded = re.split(r",? we can conclude", sentence, maxsplit=1)
        if concluded:
            yield premise


def _joined_alternatives(match: re.Match[str]) -> str:
    """Write `one of: rig<1.0 rig>1.0,<2.0 rig>2.0` as `rig!=1.0, !=2.0`.

    Other alternatives cannot be written as versions, and leave the name alone.
    """
    found = [(each["n"], each["v"].replace(" ", "")) for each in _CHOICE.finditer(match[0])]
    name = found[0][0]
    bounds = ",".join(versions for _, versions in found).split(",")
    below, above = bounds[::2], bounds[1::2]
    left_out = [bound.removeprefix("<") for bound in below]
    if all(f"<{version}" == bound for version, bound in zip(left_out, below, strict=True)) and (
        above == [f">{version}" for version in left_out]
    ):
        return name + ", ".join(f"!={version}" for version in left_out)
    return name


def _read_premise(premise: str, facts: Facts) -> None:
    for match in _PYTHON.finditer(premise):
        facts.python = match["v"]
    for match in _DEPENDS.finditer(premise):
        by, by_versions = match["all"] or match["by"], match["bv"] or ""
        for ask in _asks(match, by, by_versions):
            if ask.name == PYTHON:
                version = by_versions.removeprefix("==")
                facts.python_ignored[normalized_name(by), version] = ask.versions
            else:
                facts.asks.append(ask)
    for match in _REQUIRES.finditer(premise):
        facts.asks += _asks(match, None, "")
    _read_what_there_is(premise, facts)
    for match in _UNKNOWN.finditer(premise):
        facts.unknown.append(_plain(match["n"]))
    for match in _YANKED.finditer(premise):
        facts.yanked[_plain(match["n"]), match["v"]] = match["reason"] or ""


def _read_what_there_is(premise: str, facts: Facts) -> None:
    for match in _ONLY.finditer(premise):
        facts.only[_plain(match["n"])] = match["v"] or ""
    for match in _ONLY_THESE.finditer(premise):
        these = [each.partition("==")[2] for each in match["v"].split()]
        facts.only[_plain(match["n"])] = ", ".join(f"=={version}" for version in these)
    for match in _NO_SUCH.finditer(premise):
        facts.no_such.append((_plain(match["n"]), match["v"] or ""))


def _asks(match: re.Match[str], by: str | None, by_versions: str) -> Iterator[Ask]:
    who = _plain(by) if by else None
    for name, versions in ((match["n"], match["v"]), (match["n2"], match["v2"])):
        if name:
            yield Ask(_plain(name), versions or "", who, by_versions)


def _plain(name: str) -> str:
    return normalized_name(name.partition("[")[0])


# -- pip ------------------------------------------------------------------------------------------

_REQUESTED = re.compile(r"(?m)^ +The user requested (?:\(constraint\) )?(?P<what>.+)$")
_NONE_FITS = "some packages in these conflicts have no matching distributions available"
_CAUSED = re.compile(rf"(?m)^ +(?P<by>{_NAME}) (?P<version>\S+) depends on (?P<what>.+)$")
_NOT_FOUND = re.compile(
    r"Could not find a version that satisfies the requirement (?P<what>.+?)"
    r"(?: \(from (?P<by>[^)]*)\))? \(from versions: (?P<versions>[^)]*)\)"
)
_PIP_YANKED = re.compile(r"Ignored the following yanked versions: (?P<versions>.+)")
_PIP_PYTHON = re.compile(r"(?P<version>[^\s:;,]+) Requires-Python (?P<wanted>[^;\n]+)")


def _read_pip(text: str, facts: Facts) -> None:
    for match in _REQUESTED.finditer(text):
        facts.asks += _pip_asks(match["what"])
    _, _, unmatched = text.partition(_NONE_FITS)
    facts.none_fits += map(_plain, re.findall(rf"(?m)^ +({_NAME})$", unmatched))
    for match in _CAUSED.finditer(text):
        facts.asks += _pip_asks(match["what"], match["by"], f"=={match['version']}")
    for match in _NOT_FOUND.finditer(text):
        # `(from mid-lib->crowd-lib)`: the last one asks; `(from -r file)` is nobody.
        by = (match["by"] or "").rpartition("->")[2].strip()
        asks = _pip_asks(match["what"], by if re.fullmatch(_NAME, by) else None)
        facts.asks += asks
        for ask in asks:
            _read_versions(ask.name, match["versions"], text, facts)


def _pip_asks(what: str, by: str | None = None, by_versions: str | None = None) -> list[Ask]:
    try:
        requirement = Requirement(what)
    except InvalidRequirement:
        return []
    name, who = normalized_name(requirement.name), _plain(by) if by else None
    return [Ask(name, str(requirement.specifier), who, by_versions)]


def _read_versions(name: str, versions: str, text: str, facts: Facts) -> None:
    ignored = _ignored(text)
    facts.python_ignored |= {(name, version): wanted for version, wanted in ignored.items()}
    yanked = _PIP_YANKED.search(text)
    for version in yanked["versions"].split(",") if yanked else ():
        facts.yanked[name, version.strip()] = ""
    if versions != "none":
        facts.only[name] = f"<={versions.rpartition(',')[2].strip()}"
    elif not ignored and not yanked:
        facts.unknown.append(name)


def _ignored(text: str) -> Mapping[str, str]:
    """Return which Pythons the versions need that pip left out."""
    return {match["version"]: match["wanted"].strip() for match in _PIP_PYTHON.finditer(text)}
