"""What two ranges of versions have in common, tried with the versions at which they could differ."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version


def specifiers(versions: str) -> SpecifierSet:
    """Read versions such as `>=2,<3`; any versions where they make no sense."""
    try:
        return SpecifierSet(versions)
    except InvalidSpecifier:
        return SpecifierSet()


def contains(versions: SpecifierSet, version: str) -> bool:
    """Tell whether a version is one of these, be it a candidate or not."""
    return versions.contains(version, prereleases=True)


def are_disjoint(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Tell whether no version is in both."""
    return not any(_has(one, version) and _has(other, version) for version in _tried(one, other))


def are_same(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Tell whether each version is in both, or in neither."""
    return all(_has(one, version) == _has(other, version) for version in _tried(one, other))


def is_within(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Tell whether each version of the first is in the other, too."""
    return all(not _has(one, version) or _has(other, version) for version in _tried(one, other))


def is_empty(versions: SpecifierSet) -> bool:
    """Tell whether no version is one of these, as with `<0`."""
    return are_disjoint(versions, versions)


def _has(versions: SpecifierSet, version: Version) -> bool:
    return versions.contains(version, prereleases=True)


def _tried(*sets: SpecifierSet) -> list[Version]:
    named = [_version(each.version) for versions in sets for each in versions]
    return [Version("0"), *(v for version in named if version for v in _around(version))]


def _version(text: str) -> Version | None:
    try:
        return Version(text.removesuffix(".*"))
    except ValueError:  # InvalidVersion, or a number of thousands of digits
        return None


def _around(version: Version) -> Sequence[Version]:
    """Return a version, and those right below and above it."""
    return version, Version(f"{version.base_version}.dev0"), Version(f"{version.base_version}.0.1")
